package instance

import "testing"

// What is written for people is written in the language, the time zone and the form that a script asks for.
func TestWrittenForPeople(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"number":    {`console.log((1234.5).toLocaleString(), (1234.5).toLocaleString("de-DE", { style: "currency", currency: "EUR" }))`, "1,234.5 1.234,50\u00a0€"},
		"bigint":    {`console.log((123456789012345678901n).toLocaleString("en"), new Number(5).toLocaleString("en", { style: "percent" }))`, "123,456,789,012,345,678,901 500%"},
		"date":      {`console.log(new Date(0).toLocaleString("en-US", { timeZone: "Asia/Tokyo" }), new Date(0).toLocaleDateString("en-CA", { timeZone: "UTC" }), new Date(0).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" }))`, "1/1/1970, 9:00:00 AM 1970-01-01 01:00:00"},
		"invalid":   {`console.log(new Date(NaN).toLocaleString()); try { new Date(0).toLocaleString("en", { timeZone: "Mars/Base" }) } catch (e) { console.log(e.message) }`, "Invalid Date"},
		"array":     {`console.log([1234, null, new Date(0)].toLocaleString("en", { timeZone: "UTC" }), new Float64Array([1234.5]).toLocaleString("de"))`, "1,234,,1/1/1970, 12:00:00 AM 1.234,5"},
		"compare":   {`console.log(["b", "a", "B", "ä", "10", "9"].sort((x, y) => x.localeCompare(y, "en", { numeric: true })).join(), "a".localeCompare("A", undefined, { sensitivity: "base" }))`, "9,10,a,ä,b,B 0"},
		"case":      {`console.log("i".toLocaleUpperCase("tr"), "i".toLocaleUpperCase(), "I".toLocaleLowerCase("tr"))`, "İ I ı"},
		"no texts":  {`console.log([{ toLocaleString: () => 5 }, { toLocaleString: () => null }].toLocaleString(), "10".localeCompare(10), "null".localeCompare(null), String.prototype.toLocaleUpperCase.call(true))`, "5,null 0 0 TRUE"},
		"Intl":      {`console.log(typeof Intl, Object.prototype.toString.call(Intl), Intl.DateTimeFormat().resolvedOptions().locale)`, "object [object Intl] en-US"},
		"formatted": {`console.log(new Intl.DateTimeFormat("en", { timeZone: "America/New_York", dateStyle: "full", timeStyle: "long" }).format(Date.UTC(2024, 6, 4, 12)))`, "Thursday, July 4, 2024 at 8:00:00 AM EDT"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			i, _, err := b.start(test.source)
			if err != nil {
				t.Fatal(err)
			}
			<-i.Retire()
			got := messages(b.log.take(), "info")
			if len(got) == 0 || got[0] != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A language of which there is no data is said, once, with the place in the script.
func TestUnknownLanguageIsSaid(t *testing.T) {
	b := newBench(t)
	i, _, err := b.start(`for (let n = 0; n < 3; n++) console.log((1234.5).toLocaleString("sw-KE"))`)
	if err != nil {
		t.Fatal(err)
	}
	<-i.Retire()
	lines := b.log.take()
	if got := messages(lines, "warn"); len(got) != 1 || got[0] != "Intl does not know the language sw-KE here; it is written in English" {
		t.Errorf("warned %q", got)
	}
}

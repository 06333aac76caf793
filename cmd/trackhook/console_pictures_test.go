package main

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The two pictures in README.md: an answer with what came of it, and a draft that is tried. They are kept beside those of all views, in
// the folder that TRACKHOOK_PICTURES names; copied to engine/console/pictures, README.md has them.
func TestConsolePictures(t *testing.T) {
	path := needBrowser(t)
	report, err := os.ReadFile("../../examples/scripts/daily-report.js")
	if err != nil {
		t.Fatal(err)
	}
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t), "daily-report.js": string(report)})
	h.serve(func(path string, form url.Values) (int, string) {
		switch {
		case path == "/session":
			return http.StatusOK, `{"app_token":"abc123def456","adid":"52438b91999542d2378bd5387c851522","message":"Install tracked"}`
		case form.Get("external_device_id") == "tv-3":
			return http.StatusNotFound, `{"error":"Event request failed (Device not found)"}`
		default:
			return http.StatusOK, `{"status":"OK"}`
		}
	})
	devices, answers := []string{"pc-0815", "pc-0816", "kiosk-17"}, 0
	send := func(kind string, values ...string) {
		h.send(kind, values...)
		answers++
		h.settled(answers)
	}
	for _, device := range devices {
		send("session", "external_device_id", device)
	}
	for i := range 9 {
		if i%2 == 0 {
			send("event", "event_token", "level7", "external_device_id", devices[i%3])
			continue
		}
		send("event", "event_token", "purch4", "external_device_id", devices[i%3], "revenue", "4.99", "currency", "EUR",
			"event_callback_id", fmt.Sprintf("order-%d", 4711+i), "callback_params", `{"store":"spring"}`)
	}
	send("event", "event_token", "level7", "external_device_id", "tv-3")
	send("event", "event_token", "signup", "external_device_id", "pc-0815")

	b := startBrowser(t, path)
	b.show(1240, 760, "light")
	b.call("Emulation.setTimezoneOverride", map[string]string{"timezoneId": "UTC"}, nil)
	b.enter(h, consoleAll)
	b.click(".answer-rows .rows-seen .row", "purch4")
	b.until(`one(".detail .printed", "delivered") && one(".detail .timeline", "attempt 1")`)
	b.picture("readme-answers")

	b.show(1240, 760, "dark")
	b.open(h.url + "/console/scripts/outcomes")
	b.until(`content() && text().includes("Prints")`)
	b.put("console.log(`event ${name(event)} ${delivered(event)}: ${event.message}, adid ${event.adid}`)",
		"const money = event.request?.revenue;\n  console.log(`${name(event)} ${delivered(event)}${money ? `, ${money} ${event.request.currency}` : \"\"}`)")
	b.press("Enter", true)
	b.until(`one(".compared .act.new", "4.99 EUR")`)
	b.do(`view().dispatch({ selection: { anchor: 0 } }); view().scrollDOM.scrollLeft = 0; document.querySelectorAll("*").forEach((e) => { e.scrollTop = 0; }); ""`)
	b.picture("readme-try")
	b.quiet()
	if dir := os.Getenv("TRACKHOOK_PICTURES"); dir != "" {
		for _, name := range []string{"readme-answers", "readme-try"} {
			shrink(t, filepath.Join(dir, name+".png"))
		}
	}
}

// shrink writes a picture anew with the 256 colours that it has most of: a third of the size, and nobody sees it.
func shrink(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := png.Decode(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[color.Color]int{}
	bounds := whole.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[whole.At(x, y)]++
		}
	}
	palette := make(color.Palette, 0, len(counts))
	for c := range counts {
		palette = append(palette, c)
	}
	slices.SortFunc(palette, func(a, b color.Color) int { return cmp.Compare(counts[b], counts[a]) })
	palette = palette[:min(len(palette), 256)]
	nearest := map[color.Color]uint8{}
	small := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := whole.At(x, y)
			index, known := nearest[c]
			if !known {
				index = uint8(palette.Index(c)) //nolint:gosec // there are at most 256
				nearest[c] = index
			}
			small.SetColorIndex(x, y, index)
		}
	}
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(file, small); err != nil {
		t.Error(err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}

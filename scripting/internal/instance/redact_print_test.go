package instance

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What printers make of secrets: nothing of them stands in the log, whether a printer splits, breaks or cuts them.
func TestSecretsAsTheyArePrinted(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"HOOK_URL": "https://user%40x:p%23ssw0rd@hooks.example.com/T0123456/BQWERTZ%20UI?token=SECRET123&sign=%C3%BCber%20all#fragment7",
		"KEY":      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQEFAASCBK\ncwggSjAgEAAoIBAQDJ\n-----END PRIVATE KEY-----\n",
		"TOKEN":    "xoxb-1234567890-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0987654321-" + strings.Repeat("QwErTz", 15),
		"ACCOUNT":  `{"client":"robot","private_key":"jsonmember99","list":["nested4242"]}`,
		"KEYS":     "first_key_1, second_key_2;name=third_key_3",
	}
	// What must not stand in the log, in whatever case.
	hidden := []string{
		"p#ssw0rd", "p%23ssw0rd", "user@x", "t0123456", "bqwertz", "secret123", "über all", "fragment7",
		"miievqibadanbg", "kig9w0baqef", "cwggsjageaao",
		"xoxb-12", "7890-abc", "qwertzq", "jsonmember", "nested42", "first_key", "second_key", "third_key",
	}
	for name, code := range map[string]string{
		"url":                   `console.log(new URL(HOOK_URL))`,
		"searchParams":          `console.log(new URL(HOOK_URL).searchParams, [...new URL(HOOK_URL).searchParams])`,
		"token":                 `console.log(new URL(HOOK_URL).searchParams.get("token"), new URL(HOOK_URL).searchParams.get("sign"))`,
		"path":                  `console.log(new URL(HOOK_URL).pathname.slice(1), new URL(HOOK_URL).pathname.split("/"), new URL(HOOK_URL).pathname.split("/").map(decodeURIComponent))`,
		"hash":                  `console.log(new URL(HOOK_URL).hash.slice(1))`,
		"credentials":           `{ const u = new URL(HOOK_URL); const both = decodeURIComponent(u.username) + ":" + decodeURIComponent(u.password); console.log(both, btoa(both), u.password, new Headers({ authorization: "Basic " + btoa(both) })) }`,
		"base64 of a parameter": `console.log(btoa("id:" + new URL(HOOK_URL).searchParams.get("token")))`,
		"request":               `console.log(new Request(HOOK_URL.replace(/\/\/.*@/, "//")))`,
		"lines":                 `console.log({ KEY }, [[{ a: { KEY } }]], KEY.split("\n"))`,
		"one line":              `console.log(KEY.split("\n")[1], KEY.replaceAll("\n", ""))`,
		"group":                 `console.group("g"); console.log(KEY); console.groupEnd()`,
		"table":                 `console.table([{ KEY, TOKEN }])`,
		"JSON":                  `console.log(JSON.stringify({ KEY }), JSON.stringify({ x: JSON.stringify({ KEY }) }))`,
		"buffer":                `console.log(Buffer.from(TOKEN), [Buffer.from("id " + TOKEN)], Buffer.from(KEY))`,
		"short buffer":          `console.log(Buffer.from(new URL(HOOK_URL).searchParams.get("token")))`,
		"bytes":                 `console.log(new TextEncoder().encode(TOKEN), { a: { b: new TextEncoder().encode("abc" + TOKEN) } })`,
		"short bytes":           `console.log(new TextEncoder().encode("SECRET123"))`,
		"bytes of a line":       `console.group(); console.log(new TextEncoder().encode(KEY)); console.groupEnd()`,
		"ArrayBuffer":           `console.log(new TextEncoder().encode(TOKEN).buffer)`,
		"JSON of bytes":         `console.log(JSON.stringify(new TextEncoder().encode(TOKEN)), JSON.stringify(Buffer.from(TOKEN)), JSON.stringify([...Buffer.from(TOKEN)], null, 2))`,
		"object of bytes":       `console.log({ ...new TextEncoder().encode(TOKEN) })`,
		"joined bytes":          `console.log([...Buffer.from(TOKEN)].join(" "), [...Buffer.from(TOKEN)].map((b) => b.toString(16)).join(":"), [...Buffer.from(TOKEN)].map((b) => "0x" + b.toString(16)).join(","))`,
		"cut string":            `console.log({ a: "-".repeat(9990) + TOKEN }, { a: "-".repeat(9980) + KEY }, ["-".repeat(9980) + HOOK_URL])`,
		"cut escapes":           `console.log("\n".repeat(3) + "-".repeat(65500) + TOKEN)`,
		"cut text":              `console.log("-".repeat(65490) + HOOK_URL); console.log("-".repeat(65500) + TOKEN); console.log("-".repeat(65500) + btoa(TOKEN)); console.log("-".repeat(65492) + encodeURIComponent(encodeURIComponent(KEY.slice(28))))`,
		"cut buffer":            `console.log(Buffer.from("-".repeat(30) + TOKEN)); console.log({ b: Buffer.from("-".repeat(40) + KEY.slice(28)) })`,
		"cut bytes":             `console.log(new TextEncoder().encode("-".repeat(80) + TOKEN)); console.log("-".repeat(65400) + [...Buffer.from(TOKEN)].join(", "))`,
		"error":                 `console.log(new Error(KEY)); console.error(new Error("a", { cause: KEY.split("\n") }))`,
		"members":               `console.log(JSON.parse(ACCOUNT), JSON.parse(ACCOUNT).list[0], btoa(JSON.parse(ACCOUNT).private_key))`,
		"list":                  `console.log(KEYS.split(/[,;] ?/), KEYS.split("=")[1])`,
		"inspect":               `const { inspect } = require("util"); console.log(inspect(TOKEN, { maxStringLength: 10 }), inspect(Buffer.from(TOKEN), { maxArrayLength: 8 }), inspect({ KEY }, { breakLength: 20, compact: false }))`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(s *Settings) { s.Plugins = map[string]Grants{"x": {Env: env}} })
			b.run("const { HOOK_URL, KEY, TOKEN, ACCOUNT, KEYS } = process.env;\n" + code)
			lines := b.log.take()
			printed := strings.Join(messages(lines, "info"), "\n") + strings.Join(messages(lines, "error"), "\n")
			if !strings.Contains(printed, redactedText) {
				t.Fatalf("nothing is redacted: %.2000s", printed)
			}
			for _, text := range append(bytesIn(printed), strings.ToLower(printed)) {
				for _, secret := range hidden {
					if strings.Contains(text, secret) {
						t.Errorf("%q stands in %.3000s", secret, strings.ReplaceAll(text, "--", ""))
					}
				}
			}
		})
	}
}

// bytesIn returns what all numbers of a text stand for, in decimal and in hexadecimal digits.
func bytesIn(text string) []string {
	var out []string
	for pattern, base := range map[string]int{`\b\d{1,3}\b`: 10, `\b[0-9a-f]{2}\b`: 16} {
		var bytes []byte
		for _, number := range regexp.MustCompile(pattern).FindAllString(text, -1) {
			if n, err := strconv.ParseUint(number, base, 8); err == nil {
				bytes = append(bytes, byte(n))
			}
		}
		out = append(out, strings.ToLower(string(bytes)))
	}
	return out
}

// What looks like a part of a secret and is none stays.
func TestTextsThatAreNoSecretsStay(t *testing.T) {
	t.Parallel()
	s := secretsOf(map[string]string{"A": "https://hooks.example.com/T0123456?a=b", "B": "-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----", "C": "13,10"})
	for _, text := range []string{
		"https://hooks.example.com", "https://hooks.example.com/... 5 more characters", "[ 1, 2, 3, 4, 5, 6, 7, 8 ]", "abcdef", "abcdefg",
		"'-----BEGIN '... 5 more characters", "2026-11-30 12:13:14.015016", "1.2.3.4:80, 10 20 30 40 50 60 70 80 90", "... ", "... 5 more",
		"'x' +\n  'y'", "' +\n", "' +\n   ", "0x, 0x1, 0x12", "{\"0\":", "1, \"2", "1,2,3,4,5,6,\"7\"",
	} {
		if got := s.Replace(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

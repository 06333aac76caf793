package instance

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

const (
	secretURL   = "https://Hooks.Example.com:443/T0/./B1?key=a b&sign=ü\"x\"#frag/ment"
	secretToken = `s3cr Et"to\ken/1+=%41`
)

func secretsForTest() *Secrets {
	return secretsOf(map[string]string{"HOOK": secretURL, "TOKEN": secretToken, "PORT": "8080", "ROLE": "admin"})
}

// Whatever a script does to a secret on the way to a text, nothing of it stands there.
func TestSecretsInOtherForms(t *testing.T) {
	t.Parallel()
	s := secretsForTest()
	inBase64 := func(before string) string {
		return base64.StdEncoding.EncodeToString([]byte(before + secretToken + ":end"))
	}
	for name, text := range map[string]string{
		"as it is":                   secretToken,
		"twice":                      secretToken + secretToken,
		"JSON":                       `{"t":"s3cr Et\"to\\ken/1+=%41"}`,
		"JSON in JSON":               `"{\"t\":\"s3cr Et\\\"to\\\\ken/1+=%41\"}"`,
		"JSON with other escapes":    `"\u0073\u0033cr Et\u0022to\u005cken\/1+\u003d%41"`,
		"printed in an object":       `{ t: 's3cr Et"to\\ken/1+=%41' }`,
		"capitals":                   strings.ToUpper(secretToken),
		"encodeURIComponent":         `s3cr%20Et%22to%5Cken%2F1%2B%3D%2541`,
		"small digits":               `s3cr%20Et%22to%5cken%2f1%2b%3d%2541`,
		"encodeURI":                  `s3cr%20Et%22to%5Cken/1+=%2541`,
		"all escaped":                "%73%33%63%72%20%45%74%22%74%6F%5C%6B%65%6E%2F%31%2B%3D%25%34%31",
		"escaped twice":              `s3cr%2520Et%2522to%255Cken%252F1%252B%253D%252541`,
		"URLSearchParams":            `t=s3cr+Et%22to%5Cken%2F1%2B%3D%2541`,
		"base64":                     base64.StdEncoding.EncodeToString([]byte(secretToken)),
		"base64 behind one byte":     inBase64("u"),
		"base64 behind two":          inBase64("us"),
		"base64 behind three":        inBase64("us:"),
		"base64 in a URL":            base64.RawURLEncoding.EncodeToString([]byte("x" + secretToken)),
		"hexadecimal":                hex.EncodeToString([]byte(secretToken)),
		"a buffer":                   "<Buffer 73 33 63 72 20 45 74 22 74 6f 5c 6b 65 6e 2f 31 2b 3d 25 34 31>",
		"bytes":                      "Uint8Array(21) [115, 51, 99, 114, 32, 69, 116, 34, 116, 111, 92, 107, 101, 110, 47, 49, 43, 61, 37, 52, 49]",
		"href":                       "https://hooks.example.com/T0/B1?key=a%20b&sign=%C3%BC%22x%22#frag/ment",
		"href without the hash":      "https://hooks.example.com/T0/B1?key=a%20b&sign=%C3%BC%22x%22",
		"pathname":                   "the path is /T0/B1",
		"search":                     "?key=a%20b&sign=%C3%BC%22x%22",
		"a URL in JSON":              `{"url":"https:\/\/hooks.example.com\/T0\/B1?key=a%20b&sign=%C3%BC%22x%22#frag\/ment"}`,
		"a URL as a parameter":       "https%3A%2F%2Fhooks.example.com%2FT0%2FB1%3Fkey%3Da%2520b",
		"the URL as it was written":  secretURL,
		"the URL with its own hosts": "https://HOOKS.EXAMPLE.COM/T0/B1?key=a%20b&sign=%C3%BC%22x%22#frag/ment",
	} {
		got := s.Replace("before " + text + " after")
		if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") || !strings.Contains(got, redactedText) {
			t.Errorf("%s: %s", name, got)
		}
		for _, rest := range []string{"s3cr", "S3CR", "t0", "T0", "b1", "B1", "ken", "czNj", "733363", "73 33 63", "115, 51", "%73%33"} {
			if strings.Contains(got, rest) {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
	for _, text := range []string{
		"", "plain", "8080 admin", `100 % \ of %zz %4 \u12 \x`, "%", `\`, "https://hooks.example.com", "ÄÖÜ %C3%84", "s3cr et", "\xff\xfe%ff",
	} {
		if got := s.Replace(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if secretsOf(map[string]string{"PORT": "8080"}) != nil {
		t.Error("a short value is a secret")
	}
}

func FuzzSecrets(f *testing.F) {
	f.Add("a", `%5C\u0073`)
	f.Add(secretToken, secretURL)
	f.Fuzz(func(t *testing.T, value, text string) {
		s := secretsOf(map[string]string{"A": value})
		if s == nil {
			return
		}
		s.Replace(text)
		if got := s.Replace("<" + value + ">"); !strings.Contains(got, redactedText) {
			t.Errorf("%q stays in %q", value, got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	for name, text := range map[string]string{
		"line":      "event f0ob4r delivered: OK, adid 42c7c3c5a1f04b2f9f9a8f70a1ad4a7b, 1.99 EUR for device g1, and so on until the end of the line",
		"escaped":   strings.Repeat(`{"k":"a\"b","u":"https%3A%2F%2Fx"} `, 4),
		"16KB":      strings.Repeat("a line of text that says nothing ", 512),
		"no secret": "event f0ob4r delivered",
	} {
		b.Run(name, func(b *testing.B) {
			i := &Instance{Secrets: secretsForTest()}
			if name == "no secret" {
				i.Secrets = nil
			}
			b.ReportAllocs()
			for b.Loop() {
				i.Redact(text)
			}
		})
	}
}

package admin

import (
	"maps"
	"strings"
	"unicode"

	"trackhook/engine"
)

// redacted stands in the place of a value that operators need not see.
const redacted = "[redacted]"

// credential tells whether a parameter is named like something that authenticates its sender. A package should have
// none, because the token of the app belongs to the host; a sender that was written for another way of authorizing
// may pass one on all the same, and then it is stored and sent like every parameter. The names are those of Adjust's
// S2S and SDK protocols, and what people commonly call such things, in whatever way they join the words.
func credential(name string) bool {
	words := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	switch words {
	case "s2stoken", "secretid", "secretkey", "signature", "adjsigningid", "jwt", "bearer":
		return true
	}
	for _, part := range []string{
		"authorization", "authtoken", "apitoken", "apikey", "accesstoken", "refreshtoken", "bearertoken", "sessiontoken",
		"password", "passwd", "privatekey", "accesskey",
	} {
		if strings.Contains(words, part) {
			return true
		}
	}
	return strings.HasSuffix(words, "secret")
}

// withoutSecrets returns the package without the values of credentials: the same one where there are none.
func withoutSecrets(p *engine.Package) *engine.Package {
	shown := *p
	changed := false
	for _, pairs := range []*map[string]string{&shown.Params, &shown.CallbackParams, &shown.PartnerParams} {
		cloned := false
		for name, value := range *pairs {
			if value == "" || !credential(name) {
				continue
			}
			if !cloned {
				*pairs, cloned, changed = maps.Clone(*pairs), true, true
			}
			(*pairs)[name] = redacted
		}
	}
	if !changed {
		return p
	}
	return &shown
}

package admin

import (
	"maps"
	"strings"

	"trackhook/engine"
)

// redacted stands in the place of a value that operators need not see.
const redacted = "[redacted]"

// credential tells whether a parameter is named like something that authenticates its sender. A package should have
// none, because the token of the app belongs to the host; a sender that was written for another way of authorizing
// may pass one on all the same, and then it is stored and sent like every parameter. The names are those of Adjust's
// S2S and SDK protocols, and what people commonly call such things.
func credential(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "auth_token", "s2s_token", "s2s_auth_token", "api_token", "api_key", "access_token", "bearer",
		"app_secret", "secret_id", "secret", "signature", "adj_signing_id", "password":
		return true
	default:
		return false
	}
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

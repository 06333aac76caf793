package ingest

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"trackhook/engine"
	"trackhook/engine/site"
)

// Scopes is a set of what a token may do. The names of those that send are those of Adjust's S2S security.
type Scopes uint8

// The scopes.
const (
	Events Scopes = 1 << iota
	Sessions
	AdRevenue
	GDPR
	// Metrics may read the metrics, and send nothing.
	Metrics
	// Read, Operate and Scripts are what operators do, see [site.Access]; they send nothing either.
	Read
	Operate
	Scripts

	// everything is all that can be sent.
	everything = Events | Sessions | AdRevenue | GDPR
)

// scope is what a kind needs.
func scope(kind engine.Kind) Scopes {
	switch kind {
	case engine.KindSession:
		return Sessions
	case engine.KindEvent:
		return Events
	case engine.KindAdRevenue:
		return AdRevenue
	case engine.KindGDPRForgetDevice, engine.KindThirdPartySharing: // what people want done with their data
		return GDPR
	default:
		return everything
	}
}

// scopeNames are the names of all scopes.
func scopeNames() []string {
	return []string{"events", "sessions", "ad_revenue", "gdpr", "metrics", "read", "operate", "scripts"}
}

// parseScope reads the name of a scope.
func parseScope(name string) (Scopes, bool) {
	switch name {
	case "events":
		return Events, true
	case "sessions":
		return Sessions, true
	case "ad_revenue":
		return AdRevenue, true
	case "gdpr":
		return GDPR, true
	case "metrics":
		return Metrics, true
	case "read":
		return Read, true
	case "operate":
		return Operate, true
	case "scripts":
		return Scripts, true
	default:
		return 0, false
	}
}

// String returns the names, separated by commas.
func (s Scopes) String() string {
	var names []string
	for _, name := range scopeNames() {
		if one, _ := parseScope(name); s&one != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// Token is a bearer token and what it may send. It holds a hash, not the secret. Made by [NewToken].
type Token struct {
	hash   [sha256.Size]byte
	scopes Scopes
	name   string
}

// Name is what logs call whoever bears the token. Empty: it has none.
func (t Token) Name() string { return t.name }

// NewToken makes a token. No scopes means that it works everywhere. The secret must be visible ASCII, because it travels
// in a header, and have no comma, because a list with commas is no single token.
func NewToken(secret string, scopes Scopes) (Token, error) {
	if secret == "" {
		return Token{}, errors.New("the token is empty")
	}
	for _, c := range []byte(secret) {
		if c <= ' ' || c > '~' || c == ',' {
			return Token{}, errors.New("the token must be visible ASCII characters without commas; separate tokens by spaces")
		}
	}
	return Token{hash: sha256.Sum256([]byte(secret)), scopes: scopes}, nil
}

// Tokens are the bearer tokens of a host. They may be read by many goroutines at once.
type Tokens []Token

// ParseTokens reads the text form of an environment variable or a file: tokens separated by white space, each SECRET or
// SECRET:SCOPE,SCOPE with the scopes events, sessions, ad_revenue, gdpr, metrics, read, operate, scripts. A token without
// scope works everywhere. Among the scopes, or in their place, name=NAME says what logs call whoever bears the token. A secret
// that contains a colon needs scopes or a name behind its last one. Empty text is no tokens. Errors never quote the text.
func ParseTokens(text string) (Tokens, error) {
	var tokens Tokens
	for i, field := range strings.Fields(strings.TrimPrefix(text, mark)) {
		secret, scopes, name := field, Scopes(0), ""
		if at := strings.LastIndexByte(field, ':'); at >= 0 {
			secret = field[:at]
			var err error
			if scopes, name, err = parseRights(field[at+1:]); err != nil {
				return nil, fmt.Errorf("token %d: %w", i+1, err)
			}
		}
		token, err := NewToken(secret, scopes)
		if err != nil {
			return nil, fmt.Errorf("token %d: %w", i+1, err)
		}
		token.name = name
		for j := range tokens {
			if tokens[j].hash == token.hash {
				return nil, fmt.Errorf("token %d is the same as token %d; give each its scopes once", i+1, j+1)
			}
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// maxName bounds the name of a token.
const maxName = 64

// parseRights reads what follows the secret of a token: scopes, and its name.
func parseRights(text string) (scopes Scopes, name string, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if given, ok := strings.CutPrefix(part, "name="); ok {
			if name != "" || !isName(given) {
				return 0, "", fmt.Errorf("name= must be followed by one name of at most %d letters, digits and any of . _ - @", maxName)
			}
			name = given
			continue
		}
		one, ok := parseScope(part)
		if !ok {
			return 0, "", fmt.Errorf("what follows its last colon must be a list of %s, name=NAME", strings.Join(scopeNames(), ", "))
		}
		scopes |= one
	}
	return scopes, name, nil
}

// isName tells whether a text can be the name of a token, which logs show.
func isName(text string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@"
	return text != "" && len(text) <= maxName && strings.Trim(text, letters) == ""
}

// find returns the token that the request bears.
func (t Tokens) find(r *http.Request) (found Token, given, ok bool) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	secret = strings.TrimSpace(secret)
	if secret == "" || !strings.EqualFold(scheme, "Bearer") {
		return Token{}, false, false
	}
	found, ok = t.Find(secret)
	return found, true, ok
}

// Find returns the token with that secret. It compares hashes, and always all of them, so that time tells nothing.
func (t Tokens) Find(secret string) (found Token, ok bool) {
	hash := sha256.Sum256([]byte(secret))
	for i := range t {
		if subtle.ConstantTimeCompare(hash[:], t[i].hash[:]) == 1 {
			found, ok = t[i], true
		}
	}
	return found, ok
}

// Access is what the token may do as an operator, as long as it is one of these: all that a token without scopes may do,
// and nothing where it has none for operators.
func (t Tokens) Access(token Token) site.Access {
	at := slices.IndexFunc(t, func(one Token) bool { return one.hash == token.hash })
	if at < 0 {
		return 0
	}
	scopes, access := t[at].scopes, site.Access(0)
	if scopes == 0 {
		return site.All
	}
	for scope, one := range map[Scopes]site.Access{Read: site.Read, Operate: site.Operate, Scripts: site.Scripts} {
		if scopes&scope != 0 {
			access |= one
		}
	}
	return access.Full()
}

// Bearer returns the token that the request bears. given tells whether it bears any, also one that is none of these.
func (t Tokens) Bearer(r *http.Request) (token Token, given, ok bool) { return t.find(r) }

// Allow tells whether the request bears a token that has all of these scopes, or none and so works everywhere.
func (t Tokens) Allow(r *http.Request, scopes Scopes) bool {
	token, _, ok := t.find(r)
	return ok && (token.scopes == 0 || token.scopes&scopes == scopes)
}

// authorize returns what the request may send. from is the page that sends it, nil for none.
func (h *Handler) authorize(r *http.Request, from *page) (Scopes, *refusal) {
	if from != nil {
		return everything, h.pace(from)
	}
	tokens := *h.tokens.Load()
	if refused := sameSite(r); refused != nil || len(tokens) == 0 {
		return everything, refused
	}
	token, given, ok := tokens.find(r)
	if !ok {
		refused := &refusal{
			status: http.StatusUnauthorized, message: "Failed to authorize request", header: "WWW-Authenticate",
			value: `Bearer realm="trackhook"`, detail: "send the header Authorization: Bearer with a token of this host",
		}
		if given {
			refused.value += `, error="invalid_token"`
			refused.detail = "the bearer token is not one of this host's"
		}
		return 0, refused
	}
	if token.scopes == 0 {
		return everything, nil
	}
	return token.scopes, nil
}

// allow refuses a kind that scopes do not cover.
func (s Scopes) allow(kind engine.Kind) *refusal {
	need := scope(kind)
	if s&need == need {
		return nil
	}
	refused := &refusal{
		status: http.StatusUnauthorized, message: "Failed to authorize request", header: "WWW-Authenticate",
		value:  `Bearer realm="trackhook", error="insufficient_scope", scope="` + need.String() + `"`,
		detail: "the bearer token has the scopes " + s.String() + " and this needs " + need.String(),
	}
	if kind == engine.KindSession {
		refused.text = "Session failed" // the server's own words
	}
	return refused
}

package config

import (
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// AuthTokens reads the app's S2S token from where the configuration says. There may be two, separated by blanks or a line
// end, while one is replaced by the other: the new one stands first. Empty: the app has none. The error is an [*Error].
func (a *App) AuthTokens() (token, old string, err error) {
	what := "S2S token of app " + a.Token
	text, err := secret(what, a.AuthTokenEnv, a.AuthTokenFile)
	if err != nil || text == "" {
		return "", "", err
	}
	tokens := strings.Fields(text)
	switch {
	case strings.EqualFold(tokens[0], "Bearer"):
		return "", "", &Error{fmt.Errorf("%s: it begins with the word Bearer, which the host adds; leave that out", what)}
	case len(tokens) > 2:
		return "", "", &Error{fmt.Errorf("%s: there are %d words; write one token, or two while one is replaced, the new one first", what, len(tokens))}
	case len(tokens) == 2:
		old = tokens[1]
	}
	return tokens[0], old, nil
}

// Tokens reads the tokens that clients must send, as [trackhook/engine/ingest.ParseTokens] takes them. Empty: there are
// none. The error is an [*Error].
func (a *API) Tokens() (string, error) { return secret("api tokens", a.TokensEnv, a.TokensFile) }

// secret reads a secret from an environment variable or a file. Neither the secret nor a part of it is in the error.
func secret(what, env, file string) (string, error) {
	value := ""
	switch {
	case env != "" && file != "":
		return "", &Error{fmt.Errorf("%s: name an environment variable or a file, not both", what)}
	case env != "":
		if value = strings.TrimSpace(os.Getenv(env)); value == "" {
			return "", &Error{fmt.Errorf("%s: the environment variable %s is empty or not set", what, env)}
		}
	case file != "":
		if info, err := os.Stat(file); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
			return "", &Error{fmt.Errorf("%s: anybody on this machine may change the file %s (mode %04o); do `chmod 600`", what, file, info.Mode().Perm())}
		}
		text, err := ReadText(what+": the file", file)
		if err != nil {
			return "", &Error{err}
		}
		if value = strings.TrimSpace(string(text)); value == "" {
			return "", &Error{fmt.Errorf("%s: the file %s is empty", what, file)}
		}
	}
	return value, nil
}

// masked hides the password of a URL, wherever it stands.
func masked(text string) string {
	if !isPostgres(text) {
		u, err := url.Parse(text)
		if err != nil || u.User == nil {
			return text
		}
		return u.Redacted()
	}
	u, err := url.Parse(text)
	if err != nil {
		return "postgres://xxxxx"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		u.RawQuery = ""
	}
	for key := range query {
		if strings.Contains(strings.ToLower(key), "password") {
			query.Set(key, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}

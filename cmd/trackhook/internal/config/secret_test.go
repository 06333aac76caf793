package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/config"
)

// problemOf is what is said of a file that anybody may change.
func problemOf(file string) string {
	if runtime.GOOS == "windows" {
		return "token.no"
	}
	return "anybody on this machine may change the file " + file + " (mode 0606)"
}

func TestSecrets(t *testing.T) {
	file, empty := filepath.Join(t.TempDir(), "token"), filepath.Join(t.TempDir(), "empty")
	wide, marked := filepath.Join(t.TempDir(), "wide"), filepath.Join(t.TempDir(), "marked")
	for name, text := range map[string]string{file: " s3cret\n", empty: "\n", wide: "\xff\xfes\x003\x00", marked: "\uFEFFs3cret\r\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o606); err != nil { //nolint:gosec // what is tested
		t.Fatal(err)
	}
	t.Setenv("SOME_TOKEN", " t0ken ")
	t.Setenv("EMPTY_TOKEN", " ")
	if runtime.GOOS == "windows" {
		open = file + ".no" // it has no modes
	}
	for _, row := range []struct{ env, file, want, problem string }{
		{"", "", "", ""},
		{"SOME_TOKEN", "", "t0ken", ""},
		{"", file, "s3cret", ""},
		{"SOME_TOKEN", file, "", "name an environment variable or a file, not both"},
		{"EMPTY_TOKEN", "", "", "the environment variable EMPTY_TOKEN is empty or not set"},
		{"MISSING_TOKEN", "", "", "the environment variable MISSING_TOKEN is empty or not set"},
		{"", empty, "", "the file " + empty + " is empty"},
		{"", file + ".no", "", "token.no"},
		{"", open, "", problemOf(open)},
		{"", wide, "", "the file " + wide + " is written in UTF-16; save it as UTF-8"},
		{"", marked, "s3cret", ""},
	} {
		app := config.App{Token: "abc123def456", AuthTokenEnv: row.env, AuthTokenFile: row.file}
		api := config.API{TokensEnv: row.env, TokensFile: row.file}
		for what, read := range map[string]func() (string, error){"S2S token of app abc123def456: ": first(app.AuthTokens), "api tokens: ": api.Tokens} {
			got, err := read()
			if row.problem == "" {
				if err != nil || got != row.want {
					t.Errorf("%s%+v: %q, %v", what, row, got, err)
				}
				continue
			}
			if _, mistake := errors.AsType[*config.Error](err); !mistake || !strings.HasPrefix(err.Error(), what) ||
				!strings.Contains(err.Error(), row.problem) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%s%+v: %v", what, row, err)
			}
		}
	}
}

// first is the first of two tokens, and an error where there is a second one.
func first(read func() (token, old string, err error)) func() (string, error) {
	return func() (string, error) {
		token, old, err := read()
		if err == nil && old != "" {
			err = errors.New("there is a second token: " + old)
		}
		return token, err
	}
}

// While a token is replaced there are two.
func TestTwoTokens(t *testing.T) {
	for text, want := range map[string]string{
		"new old": "new|old|", "new\n old\n": "new|old|", "only": "only||",
		"a b c":      "||S2S token of app abc123def456: there are 3 words; write one token, or two while one is replaced, the new one first",
		"bearer abc": "||S2S token of app abc123def456: it begins with the word Bearer, which the host adds; leave that out",
	} {
		t.Setenv("SOME_TOKEN", text)
		app := config.App{Token: "abc123def456", AuthTokenEnv: "SOME_TOKEN"}
		token, old, err := app.AuthTokens()
		problem := ""
		if err != nil {
			problem = err.Error()
		}
		if got := token + "|" + old + "|" + problem; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

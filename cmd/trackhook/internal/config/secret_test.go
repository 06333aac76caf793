package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/config"
)

func TestSecrets(t *testing.T) {
	file, empty := filepath.Join(t.TempDir(), "token"), filepath.Join(t.TempDir(), "empty")
	for name, text := range map[string]string{file: " s3cret\n", empty: "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SOME_TOKEN", " t0ken ")
	t.Setenv("EMPTY_TOKEN", " ")
	for _, row := range []struct{ env, file, want, problem string }{
		{"", "", "", ""},
		{"SOME_TOKEN", "", "t0ken", ""},
		{"", file, "s3cret", ""},
		{"SOME_TOKEN", file, "", "name an environment variable or a file, not both"},
		{"EMPTY_TOKEN", "", "", "the environment variable EMPTY_TOKEN is empty or not set"},
		{"MISSING_TOKEN", "", "", "the environment variable MISSING_TOKEN is empty or not set"},
		{"", empty, "", "the file " + empty + " is empty"},
		{"", file + ".no", "", "token.no"},
	} {
		app := config.App{Token: "abc123def456", AuthTokenEnv: row.env, AuthTokenFile: row.file}
		api := config.API{TokensEnv: row.env, TokensFile: row.file}
		for what, read := range map[string]func() (string, error){"S2S token of app abc123def456: ": app.AuthToken, "api tokens: ": api.Tokens} {
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

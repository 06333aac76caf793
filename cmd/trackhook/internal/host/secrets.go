package host

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/ingest"
)

// secrets is what stands in the variables and files that settings name. It is only read.
type secrets struct {
	// clients is the text with the tokens of clients.
	clients string
	// apps are the tokens of apps, the new one and the old one.
	apps map[engine.App][2]string
}

// readSecrets reads all secrets that settings name.
func readSecrets(settings *config.Config) (read secrets, err error) {
	if read.clients, err = settings.API.Tokens(); err != nil {
		return read, err
	}
	read.apps = make(map[engine.App][2]string, len(settings.Apps))
	for i := range settings.Apps {
		app := &settings.Apps[i]
		token, old, err := app.AuthTokens()
		if err != nil {
			return read, err
		}
		read.apps[app.EngineApp()] = [2]string{token, old}
	}
	return read, nil
}

// changed lists the keys of the files and variables whose secrets are others in next, and the apps among them.
func (s *secrets) changed(next *secrets, settings *config.Config) (keys []string, apps []engine.App) {
	if key := cmp.Or(named("tokens_file", settings.API.TokensFile), named("tokens_env", settings.API.TokensEnv)); s.clients != next.clients && key != "" {
		keys = append(keys, "api."+key)
	}
	for i := range settings.Apps {
		app := settings.Apps[i].EngineApp()
		if s.apps[app] != next.apps[app] {
			apps = append(apps, app)
			key := cmp.Or(named("auth_token_file", settings.Apps[i].AuthTokenFile), named("auth_token_env", settings.Apps[i].AuthTokenEnv))
			if key != "" { // else the key itself has gone, which is told already
				keys = append(keys, fmt.Sprintf("apps[%d].%s", i, key))
			}
		}
	}
	return keys, apps
}

// named is the key where there is a value.
func named(key, value string) string {
	if value == "" {
		return ""
	}
	return key
}

// inFiles tells whether settings name files with secrets.
func inFiles(settings *config.Config) bool {
	return settings.API.TokensFile != "" ||
		slices.ContainsFunc(settings.Apps, func(app config.App) bool { return app.AuthTokenFile != "" })
}

// tokens are the tokens of clients. A host that other machines reach must have some.
func (s *secrets) tokens(listen string) (ingest.Tokens, error) {
	tokens, err := ingest.ParseTokens(s.clients)
	if err != nil {
		return nil, &config.Error{Err: fmt.Errorf("api tokens: %w", err)}
	}
	if err := ingest.RequireTokens(listen, tokens); err != nil {
		return nil, &config.Error{Err: err}
	}
	return tokens, nil
}

// adjustSettings is what the deliverer must know of each app.
func (s *secrets) adjustSettings(c *config.Config) map[engine.App]adjust.Settings {
	settings := make(map[engine.App]adjust.Settings, len(c.Apps))
	for i := range c.Apps {
		app := &c.Apps[i]
		tokens := s.apps[app.EngineApp()]
		settings[app.EngineApp()] = adjust.Settings{
			Endpoint: app.Endpoint, GDPREndpoint: app.GDPREndpoint,
			Token: adjust.NewSecret(tokens[0]), OldToken: adjust.NewSecret(tokens[1]),
		}
	}
	return settings
}

// rulesFile is the file that comes before the built-in rules, with its text. The zero value is none.
type rulesFile struct {
	path string
	text []byte
	// rules are those of the text; nil are the built-in ones, which is what nil means to adjust.
	rules *adjust.Rules
}

func readRules(path string) (read rulesFile, err error) {
	if path == "" {
		return rulesFile{}, nil
	}
	read.path = path
	if read.text, err = config.ReadText("rules: the file", path); err != nil {
		return read, err
	}
	if read.rules, err = adjust.LoadRules(read.text); err != nil {
		return read, fmt.Errorf("%s: %w", path, err)
	}
	return read, nil
}

// same tells whether it is the same file, and says the same.
func (f *rulesFile) same(other *rulesFile) bool {
	return f.path == other.path && bytes.Equal(f.text, other.text)
}

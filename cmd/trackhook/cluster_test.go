package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"trackhook/cmd/trackhook/internal/config"
)

const clusterDir = "../../examples/cluster"

// TestClusterGuide holds the commands, the configurations and the composition of the guide to several hosts against the binary.
// That hosts do what it says is shown beside the store, by a test that starts a database.
func TestClusterGuide(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://trackhook@db.example/trackhook")
	text, err := os.ReadFile(filepath.Join(clusterDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, found := range regexp.MustCompile(`(?m)(?:^|`+"`"+`)trackhook ([^\n&`+"`"+`]+)`).FindAllStringSubmatch(string(text), -1) {
		lines++
		takes(t, "README.md", strings.Fields(found[1])...)
	}
	if lines < 15 {
		t.Errorf("%d commands were found", lines)
	}
	for _, found := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat(filepath.Join(clusterDir, found[1])); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"trackhook.yaml", "container.yaml"} {
		text, err := os.ReadFile(filepath.Join(clusterDir, name))
		if err != nil {
			t.Fatal(err)
		}
		c, err := config.Parse(name, text)
		if err != nil || !c.OnPostgres() || c.Data != "" {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	text, err = os.ReadFile(filepath.Join(clusterDir, "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var composition struct {
		Services map[string]struct {
			Hostname   string
			Ports      []string
			Secrets    []string
			Entrypoint []string
		}
		Secrets map[string]struct{ File string }
	}
	if err := yaml.Unmarshal(text, &composition); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two", "three"} {
		if s := composition.Services[name]; s.Hostname != name || len(s.Ports) != 1 || len(s.Secrets) != 2 {
			t.Errorf("service %s is %+v", name, s)
		}
	}
	for name, service := range composition.Services {
		for _, secret := range service.Secrets {
			if composition.Secrets[secret].File == "" {
				t.Errorf("service %s wants the secret %s, which there is not", name, secret)
			}
		}
	}
	takes(t, "compose.yaml", composition.Services["sandbox"].Entrypoint[1:]...)
}

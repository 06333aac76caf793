package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
)

const (
	password = "s3cret"
	database = "postgres://me:" + password + "@db.example/trackhook?sslmode=verify-full"
)

// TestDatabase shows where the address of a database may stand, and that its password is shown to nobody.
func TestDatabase(t *testing.T) {
	t.Setenv("THE_DATABASE", database)
	file := filepath.Join(t.TempDir(), "database")
	if err := os.WriteFile(file, []byte(database+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--postgres", database},
		{"--postgres-env", "THE_DATABASE"},
		{"--postgres-file", file},
	} {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		flags := config.Bind(set, "")
		if err := set.Parse(args); err != nil {
			t.Fatal(err)
		}
		c, err := flags.Load(func(string) (string, bool) { return "", false })
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		if !c.OnPostgres() || c.Data != "" {
			t.Errorf("%q: on a database: %v, data folder %q", args, c.OnPostgres(), c.Data)
		}
		if got, err := c.Database(); got != database || err != nil {
			t.Errorf("%q: the address is %q, %v", args, got, err)
		}
		if got := c.DatabaseName(); got != "postgres://db.example/trackhook" {
			t.Errorf("%q: the name is %q", args, got)
		}
		for _, shown := range flags.Show() {
			if strings.Contains(shown.Value, password) {
				t.Errorf("%q: %s shows the password: %q", args, shown.Key, shown.Value)
			}
		}
	}
}

// TestDatabaseMistakes shows what is said of addresses and of settings that exclude each other, without the password.
func TestDatabaseMistakes(t *testing.T) {
	t.Setenv("THE_DATABASE", "host=db.example password="+password)
	for text, want := range map[string]string{
		"postgres: " + database + "\ndata: x\n":                     "trackhook.yaml:2: data: the queue and the log are in a data folder or in a database",
		"postgres: " + database + "\npostgres_env: X\n":             "give one of postgres, postgres_env and postgres_file",
		"postgres: mysql://me:" + password + "@h/d\n":               "begins with postgres://",
		"postgres: postgres://me:" + password + "%@h/d\n":           "cannot be understood",
		"postgres: " + database + "\nhigh_water: {bytes: 5}\n":      "high_water.bytes: is of the data folder",
		"postgres: " + database + "\nhigh_water: {free: 5}\n":       "high_water.free: is of the disk",
		"postgres: " + database + "\ncluster: {lease: 5ms}\n":       "cluster.lease: must be at least 1s",
		"postgres: " + database + "\ncluster: {connections: 2}\n":   "cluster.connections: must be at least 5",
		"postgres: " + database + "\ncluster: {partitions: 5000}\n": "cluster.partitions: must be at most 4096",
		"cluster: {schema: x}\n":                                    "cluster.schema: belongs to postgres",
	} {
		_, err := config.Parse("trackhook.yaml", []byte(text))
		if _, mistake := errors.AsType[*config.Error](err); !mistake || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), password) {
			t.Errorf("%q: the error is %v, want %q", text, err, want)
		}
	}
	c, err := config.Parse("trackhook.yaml", []byte("postgres_env: THE_DATABASE\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Database(); err == nil || !strings.Contains(err.Error(), "begins with postgres://") || strings.Contains(err.Error(), password) {
		t.Errorf("the error is %v", err)
	}
}

// TestReloadShowsNoPassword shows that a reload that would change the database says so without its password.
func TestReloadShowsNoPassword(t *testing.T) {
	parse := func(text string) config.Config {
		c, err := config.Parse("trackhook.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	before, after := parse("postgres: "+database+"\n"), parse("postgres: postgres://me@other.example/x?password="+password+"\n")
	_, report := before.Reload(&after)
	if len(report.Kept) != 1 || report.Kept[0].Key != "postgres" {
		t.Fatalf("the report is %+v", report)
	}
	if kept := report.Kept[0]; strings.Contains(kept.Value+kept.Wanted, password) || !strings.Contains(kept.Wanted, "other.example") {
		t.Errorf("the report shows %q and %q", kept.Value, kept.Wanted)
	}
}

package postgres_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPortable forbids in statements and tables what a sharded PostgreSQL lacks (Citus, YugabyteDB): columns of the system,
// locks on whole tables, what is private to one server. What code asks of the server besides, advisory locks for
// migrations and upkeep, sizes of tables, LISTEN and NOTIFY, is listed in SCHEMA.md.
func TestPortable(t *testing.T) {
	forbidden := map[string]string{
		`\b(xmin|xmax|cmin|cmax|ctid|tableoid)\b`: "columns of the system are not the same on all shards",
		`\bpg_(current_)?(xact|snapshot|txid)\w*`: "transactions have no common numbers",
		`\btxid_\w+`:              "transactions have no common numbers",
		`\bLOCK TABLE\b`:          "a table is on several machines",
		`\bpg_(try_)?advisory\w*`: "a lock of one server; only upkeep takes one",
		`\b(CREATE|REPLACE) (FUNCTION|TRIGGER|RULE)\b`: "logic belongs to the program",
		`\b(serial|bigserial|IDENTITY)\b`:              "sequences are named, with CACHE 1",
		`\bUNLOGGED\b`:                                 "does not survive",
	}
	files, err := filepath.Glob("sql/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for at, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "--") {
				continue
			}
			for pattern, why := range forbidden {
				if found := regexp.MustCompile(`(?i)` + pattern).FindString(line); found != "" {
					t.Errorf("%s:%d: %s: %s", file, at+1, found, why)
				}
			}
			if strings.Contains(line, "CREATE SEQUENCE") && !strings.Contains(line, "CACHE 1;") {
				t.Errorf("%s:%d: a sequence without CACHE 1 gives numbers out of order", file, at+1)
			}
		}
	}
}

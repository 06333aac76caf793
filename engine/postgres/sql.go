package postgres

import (
	"embed"
	"strings"
	"time"
)

// The statements are SQL in files, each below a line with its name.
//
//go:embed sql/*.sql
var sqlFiles embed.FS

// statements reads all of them, by name. clock is added to the time of the database.
func statements(clock time.Duration) (map[string]string, error) {
	files, err := sqlFiles.ReadDir("sql")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, file := range files {
		text, err := sqlFiles.ReadFile("sql/" + file.Name())
		if err != nil {
			return nil, err
		}
		for block := range strings.SplitSeq(string(text), "-- name: ") {
			name, statement, _ := strings.Cut(block, "\n")
			if name = strings.TrimSpace(name); name != "" {
				if statement = strings.TrimSpace(statement); clock != 0 {
					statement = strings.ReplaceAll(statement, "clock_timestamp()", "(clock_timestamp() + interval '"+millis(clock)+" ms')")
				}
				all[name] = statement
			}
		}
	}
	return all, nil
}

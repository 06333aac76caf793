package postgres

import (
	"embed"
	"strings"
)

// The statements are SQL in files, each below a line with its name.
//
//go:embed sql/*.sql
var sqlFiles embed.FS

// statements reads all of them, by name.
func statements() (map[string]string, error) {
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
				all[name] = strings.TrimSpace(statement)
			}
		}
	}
	return all, nil
}

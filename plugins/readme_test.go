package plugins_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"trackhook/engine"
	"trackhook/scripting"
)

// TestGuide loads every script of the guide, as a user would who pasted it into a file.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```(js|ts)\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 6 {
		t.Fatalf("found only %d scripts", len(blocks))
	}
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	for i, block := range blocks {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "guide."+string(block[1]))
			if err := os.WriteFile(file, block[2], 0o600); err != nil {
				t.Fatal(err)
			}
			report, err := scripting.Check(t.Context(), scripting.Config{
				Apps: []engine.App{app}, DefaultApp: app, Device: map[string]string{"external_device_id": "kiosk-17"},
			}, file)
			if err != nil {
				t.Fatal(err)
			}
			if report.Problem != nil || len(report.Registered) == 0 {
				t.Errorf("problem %+v, registered %v", report.Problem, report.Registered)
			}
		})
	}
}

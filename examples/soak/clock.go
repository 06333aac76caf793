package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// jumpyClock writes an overlay for go build with which the wall clock of a program is set every so often: an hour ahead,
// right, an hour behind, right, and so on. The monotonic clock stays as it is, as on a host whose clock somebody sets.
// The host has no code for that, so what is tested is what is shipped, with every module that it uses.
func jumpyClock(ctx context.Context, dir string, every time.Duration) (overlay string, err error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("find package time: %w", err)
	}
	original := filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go")
	text, err := os.ReadFile(original)
	if err != nil {
		return "", fmt.Errorf("find package time: %w", err)
	}
	const now = "func Now() Time {\n"
	if strings.Count(string(text), now) != 1 {
		return "", errors.New("package time has no function Now of the known form; write jumpyClock anew for this version of Go")
	}
	changed := filepath.Join(dir, "time.go")
	code := strings.Replace(string(text), now, "func trueNow() Time {\n", 1) + fmt.Sprintf(jumpyNow, int64(every))
	if err := os.WriteFile(changed, []byte(code), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, list, 0o600)
}

const jumpyNow = `
func Now() Time {
	t := trueNow()
	if t.wall&hasMonotonic == 0 {
		return t
	}
	switch t.ext / %d %% 4 {
	case 1:
		t.wall += 3600 << nsecShift
	case 3:
		t.wall -= 3600 << nsecShift
	}
	return t
}
`

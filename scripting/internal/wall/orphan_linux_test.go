package wall_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
)

// stayAsHost starts a worker for the plugin in a folder, one that is shared, and a spare one, says their numbers, and stays until it is
// killed.
func stayAsHost(dir string) {
	eng, err := engine.New(engine.Config{Store: memory.New(), Deliverer: nowhere{}})
	if err != nil {
		panic(err)
	}
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	command := []string{os.Args[0], "worker"}
	for _, pool := range []*wall.Pool{nil, wall.NewPool(wall.PoolConfig{Command: command, Memory: wall.DefaultMemory, Log: zerolog.Nop()})} {
		v, _, err := wall.Start(context.Background(), &wall.Config{
			Command: command, Pool: pool, OnMove: func(*wall.Version, string) {},
			Home: adjust.NewHome(eng, true), Peers: &wall.Peers{}, Log: zerolog.Nop(), Own: zerolog.Nop(), OnDeath: func(bool) {},
			Start: wire.Start{
				Plugin: "a", Root: dir, Entry: filepath.Join(dir, "a.js"), Apps: []engine.App{app}, DefaultApp: app, Timeout: time.Minute, Grace: time.Minute,
			},
		})
		if err != nil {
			panic(err)
		}
		fmt.Print(v.Process().Pid, " ")
	}
	spare := wall.NewSpare(command)
	spare.Keep()
	for spare.Pid() == 0 {
		runtime.Gosched()
	}
	fmt.Println(spare.Pid())
	select {}
}

// No worker outlives its host, whatever the worker is doing.
func TestNoWorkerOutlivesItsHost(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"idle":  `console.log("x")`,
		"a run": `setTimeout(() => { for (;;) /(x+x+)+y/.test("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") }, 0)`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.js"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		host := exec.CommandContext(t.Context(), os.Args[0], "host", dir)
		host.Stderr = os.Stderr
		out, err := host.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := host.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		workers := strings.Fields(line)
		for _, worker := range workers {
			if !runs(worker) {
				t.Errorf("%s: a worker has gone before its host", name)
			}
		}
		if err := host.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = host.Wait() // it was killed
		for slices.ContainsFunc(workers, runs) {
			select {
			case <-t.Context().Done():
				t.Fatalf("%s: one of %v goes on", name, workers)
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// runs tells whether a process is there and no zombie, which nobody may wait for in a container.
func runs(pid string) bool {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	_, err = strconv.Atoi(pid)
	return err == nil && !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

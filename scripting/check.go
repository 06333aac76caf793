package scripting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
)

// Report is what [Check] found out about one plugin.
type Report struct {
	// Name and File are as in [Plugin]; Version is what would be running.
	Name    string `json:"name"`
	File    string `json:"file"`
	Version string `json:"version,omitempty"`
	// Registered is what it listens to. Tracked are the packages that its top level tracked; they were not sent.
	Registered []Registration   `json:"registered,omitempty"`
	Tracked    []engine.Package `json:"-"`
	// Warnings are what keeps it from hearing what it seems to be meant to hear. Their Since has no meaning.
	Warnings []Problem `json:"warnings,omitempty"`
	// Lines are what it printed, and what the host had to say about it.
	Lines []stage.Line `json:"lines,omitempty"`
	// Problem is why it cannot be loaded. Nil: it can.
	Problem *Problem `json:"problem,omitempty"`
}

// Check loads the plugin at file, which may be its folder, and reports what it registers or what is wrong with it. Its
// top level runs, and nothing else: what it tracks is recorded and not sent, what it prints is recorded and not logged,
// its localStorage is empty, and its requests are refused.
// Of cfg, Engine and Log are not used; Dir is where the file is expected, default: the folder that it lies in.
//
// The error means that there is no plugin at file, or that cfg is wrong. A script that cannot be loaded is a report
// with a problem.
func Check(ctx context.Context, cfg Config, file string) (report Report, err error) {
	err = CheckAll(ctx, cfg, []string{file}, func(_ string, found Report) error {
		report = found
		return nil
	})
	return report, err
}

// CheckAll is [Check] for several files. each is called for every one, in order, as soon as it was checked; its error ends it,
// and is returned. With Isolation, they share a process for as long as it lives, and a script that ends it has a problem.
func CheckAll(ctx context.Context, cfg Config, files []string, each func(file string, report Report) error) error {
	if cfg.elsewhere() {
		return checkAway(ctx, &cfg, files, each)
	}
	for _, file := range files {
		report, err := check(ctx, cfg, file)
		if err == nil {
			err = each(file, report)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func check(ctx context.Context, cfg Config, file string) (Report, error) {
	e, dir, err := source.Locate(cfg.Dir, file)
	if err != nil {
		return Report{}, fmt.Errorf("check plugin: %w", err)
	}
	report := Report{Name: e.Name, File: e.File}
	if e.Problem != "" {
		report.Problem = &Problem{Message: e.Problem, File: e.File}
		return report, nil
	}

	store, lines := memory.New(), &Lines{}
	cfg.Dir, cfg.Log = dir, zerolog.New(lines)
	if cfg.Engine, err = engine.New(engine.Config{Store: store, Deliverer: stage.Nowhere{}}); err != nil {
		return Report{}, fmt.Errorf("check plugin: %w", err)
	}
	if cfg, err = cfg.withDefaults(); err != nil {
		return Report{}, fmt.Errorf("check plugin: %w", err)
	}
	own, err := instance.OfflineResources(ctx, e.Name, store)
	if err != nil {
		return Report{}, fmt.Errorf("check plugin: %w", err)
	}
	i, g, err := instance.Start(ctx, instance.Config{
		Shared: instance.NewShared(cfg.settings()), Name: e.Name, Entry: e.Path, Resources: own, Thorough: true,
	})
	report.Version = g.Version()
	if err != nil {
		report.Problem = problemOf(err, cfg.Dir)
	} else {
		report.Registered = i.Registered()
		report.Warnings = (&version{instance: i}).warnings(report.Registered, cfg.Dir)
		<-i.Retire()
	}
	_, closeErr := cfg.Engine.Close() //nolint:contextcheck // closing must not be cut short
	report.Lines, report.Tracked = lines.All(), store.Accepted()
	return report, errors.Join(ctx.Err(), closeErr)
}

// Lines is a destination for [zerolog.New] that keeps what scripts print, and what is said about them. The host's own
// lines are left out. The zero value is empty; it may be used from many goroutines at once.
type Lines struct {
	mu   sync.Mutex
	kept []stage.Line // guarded by mu
}

// Write takes one line of the log.
func (l *Lines) Write(line []byte) (int, error) {
	var fields struct {
		Level     string `json:"level"`
		Message   string `json:"message"`
		Component string `json:"component"`
	}
	if err := json.Unmarshal(line, &fields); err != nil {
		return 0, fmt.Errorf("read log line: %w", err)
	}
	if fields.Component == instance.Component {
		return len(line), nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, stage.Line{Level: fields.Level, Text: fields.Message})
	return len(line), nil
}

// All returns the lines so far.
func (l *Lines) All() []stage.Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]stage.Line(nil), l.kept...)
}

// Text returns the texts of all lines, one a line.
func (l *Lines) Text() string {
	var b strings.Builder
	for _, line := range l.All() {
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}

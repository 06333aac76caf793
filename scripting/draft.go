package scripting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/folder"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/trial"
	"trackhook/scripting/internal/wall"
)

const (
	// trialRun bounds the time limit of a run of a draft, and the others what the whole may take: a person waits for it.
	trialRun   = time.Second
	checkLimit = 2 * time.Second
	tryLimit   = 5 * time.Second
	testLimit  = 15 * time.Second
	// trialWait is how long the process of a draft may take beyond its limit before it is ended.
	trialWait = 2 * time.Second
	// maxWaiting bounds the drafts that wait for others.
	maxWaiting = 8
)

// draftLimits are how long drafts may take.
type draftLimits struct {
	// run bounds the time limit of a run, and each is that of a test; 0: the default of tests.
	run, each time.Duration
	// What the whole may take.
	check, try, test time.Duration
}

func (l draftLimits) withDefaults() draftLimits {
	return draftLimits{cmp.Or(l.run, trialRun), l.each, cmp.Or(l.check, checkLimit), cmp.Or(l.try, tryLimit), cmp.Or(l.test, testLimit)}
}

// Check loads a draft, and says what is wrong with it. Its top level runs.
func (e *Editor) Check(ctx context.Context, draft scripts.Draft) (scripts.Checked, error) {
	job, err := e.job(trial.Check, draft, e.limits.check)
	if err != nil {
		return scripts.Checked{}, err
	}
	result, isolated, err := e.run(ctx, job)
	if ended, ok := errors.AsType[*wall.EndedError](err); ok {
		return scripts.Checked{
			Plugin: draft.Plugin, Isolated: true, Problems: []scripts.Problem{endedProblem(ended)}, Registered: []scripts.Registration{},
			Lines: []scripts.Line{}, Tracked: []string{},
		}, nil
	}
	if err != nil {
		return scripts.Checked{}, err
	}
	result.Checked.Isolated = isolated
	return *result.Checked, nil
}

// Try runs a draft on answers, beside the version that runs.
func (e *Editor) Try(ctx context.Context, t scripts.Trial) (scripts.Tried, error) {
	job, err := e.job(trial.Try, t.Draft, e.limits.try)
	if err != nil {
		return scripts.Tried{}, err
	}
	if err := e.compareWith(ctx, job, t.Against); err != nil {
		return scripts.Tried{}, err
	}
	if t.Stored {
		if job.Stored, err = e.host.cfg.Engine.Store().Values(ctx, storage.Space(t.Plugin)); err != nil {
			return scripts.Tried{}, fmt.Errorf("read what the plugin has stored: %w", err)
		}
	}
	scanned, err := e.choose(ctx, job, &t)
	if err != nil {
		return scripts.Tried{}, err
	}
	result, isolated, err := e.run(ctx, job)
	if ended, ok := errors.AsType[*wall.EndedError](err); ok {
		problem := endedProblem(ended)
		tried := scripts.Tried{
			Plugin: t.Plugin, Draft: scripts.DraftSide{Problem: &problem}, Against: scripts.AgainstSide{Why: job.Why}, Stopped: problem.Message,
			Top:     scripts.Compared{Verdict: "unknown", Running: []scripts.Act{}, Draft: []scripts.Act{}},
			Answers: []scripts.Answered{}, Scanned: scanned, Isolated: true,
		}
		if job.Live != nil {
			tried.Against.Version = job.Live.Version
		}
		return tried, nil
	}
	if err != nil {
		return scripts.Tried{}, err
	}
	result.Tried.Scanned, result.Tried.Isolated = scanned, isolated
	return *result.Tried, nil
}

// Test runs the tests of a plugin on a draft of it.
func (e *Editor) Test(ctx context.Context, t scripts.Tests) (scripts.Tested, error) {
	job, err := e.job(trial.Test, t.Draft, e.limits.test)
	if err != nil {
		return scripts.Tested{}, err
	}
	job.Timeout, job.EachTest = job.Grants.Timeout, e.limits.each // what passes here passes in a shell
	if job.Files, err = e.testsOf(ctx, &t); err != nil {
		return scripts.Tested{}, err
	}
	job.Run = t.Run
	result, isolated, err := e.run(ctx, job)
	if ended, ok := errors.AsType[*wall.EndedError](err); ok {
		return scripts.Tested{Plugin: t.Plugin, Files: []scripts.TestFile{}, Stopped: ended.Error(), Isolated: true}, nil
	}
	if err != nil {
		return scripts.Tested{}, err
	}
	result.Tested.Isolated = isolated
	return *result.Tested, nil
}

// endedProblem blames a draft for the end of its process.
func endedProblem(ended *wall.EndedError) scripts.Problem {
	return scripts.Problem{Severity: scripts.SeverityError, Message: ended.Error()}
}

// job makes a job of a draft, or says what is wrong with the draft.
func (e *Editor) job(kind trial.Kind, draft scripts.Draft, limit time.Duration) (*trial.Job, error) {
	total := 0
	switch {
	case !source.GoodName(draft.Plugin) && (kind != trial.Check || draft.Plugin != ""):
		return nil, &scripts.RefusedError{Reason: scripts.Invalid, Title: "Invalid plugin", Detail: fmt.Sprintf("%q is not the name of a plugin", draft.Plugin)}
	case len(draft.Files) > scripts.MaxDraftFiles:
		return nil, &scripts.RefusedError{
			Reason: scripts.Invalid, Title: "Draft too large", Detail: fmt.Sprintf("a draft has at most %d files: leave out those that are as on disk", scripts.MaxDraftFiles),
		}
	}
	for _, name := range slices.Sorted(maps.Keys(draft.Files)) {
		if err := folder.CheckPath(name); err != nil {
			return nil, err
		}
		if text := draft.Files[name]; text != nil {
			total += len(*text)
		}
	}
	if total > scripts.MaxDraft {
		return nil, &scripts.RefusedError{
			Reason: scripts.Invalid, Title: "Draft too large", Detail: fmt.Sprintf("the texts of a draft have at most %d MB together", scripts.MaxDraft>>20),
		}
	}
	cfg, rights := &e.host.cfg, e.host.shared.Rights(draft.Plugin)
	return &trial.Job{
		Kind: kind, Draft: draft, Dir: cfg.Dir, Apps: cfg.Apps, DefaultApp: cfg.DefaultApp, Device: cfg.Device, Grants: rights,
		Timeout: min(rights.Timeout, e.limits.run), Limit: limit, Memory: cfg.WorkerMemory,
	}, nil
}

// run has a job done when it is its turn: by a process of its own where there can be one.
func (e *Editor) run(ctx context.Context, job *trial.Job) (result *trial.Result, isolated bool, err error) {
	if e.waiting.Add(1) > maxWaiting+maxTrials {
		e.waiting.Add(-1)
		return nil, false, &scripts.RefusedError{
			Reason: scripts.Busy, Title: "Too many runs", Detail: "too many drafts are being run at this moment; try again in a few seconds",
		}
	}
	defer e.waiting.Add(-1)
	select {
	case e.running <- struct{}{}:
		defer func() { <-e.running }()
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	if len(e.host.cfg.Worker) > 0 {
		result, isolated, err = e.runBeside(ctx, job)
		if isolated || err != nil {
			return result, isolated, err
		}
	}
	result = trial.Do(ctx, job)
	if ctx.Err() != nil {
		return nil, false, ctx.Err()
	}
	return result, false, result.Err()
}

// runBeside has a job done by another process. Where there can be none, and the plugin itself runs in that of the host, the
// job may, too: then isolated is false, and the error nil.
func (e *Editor) runBeside(ctx context.Context, job *trial.Job) (result *trial.Result, isolated bool, err error) {
	body, err := job.Encode()
	if err != nil {
		return nil, true, err
	}
	life, cancel := context.WithTimeout(ctx, job.Limit+trialWait)
	defer cancel()
	text, err := away[[]byte](life, &e.host.cfg, trialErrand, body, []string{job.Dir}, nil)
	switch {
	case ctx.Err() != nil:
		return nil, true, ctx.Err()
	case life.Err() != nil:
		return nil, true, &wall.EndedError{
			Reason: fmt.Sprintf("it did not come to an end within %s; a regular expression or a huge string may be the cause", job.Limit+trialWait),
		}
	case notStarted(err) && e.host.cfg.isolation(job.Draft.Plugin) == InHost:
		e.host.log.Warn().Err(err).Msg("cannot start a process for a draft; it runs in that of the host")
		return nil, false, nil
	case err != nil:
		return nil, true, err
	}
	if result, err = trial.ReadResult(text); err != nil {
		return nil, true, err
	}
	return result, true, result.Err()
}

// notStarted tells whether a process could not even be started.
func notStarted(err error) bool {
	_, program := errors.AsType[*exec.Error](err)
	_, file := errors.AsType[*fs.PathError](err)
	return program || file
}

// current is the version of a plugin that runs; nil: none does.
func (h *Host) current(plugin string) *version {
	h.mu.Lock()
	p := h.plugins[plugin]
	h.mu.Unlock()
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current
}

// runningSource is what the version of a plugin that runs was loaded from; nil: none runs.
func (h *Host) runningSource(plugin string) *source.Kept {
	v := h.current(plugin)
	if v == nil {
		return nil
	}
	return v.graph.Source(v.id, v.entry.Path)
}

// compareWith finds the version that a draft is compared with.
func (e *Editor) compareWith(ctx context.Context, job *trial.Job, against string) error {
	switch against {
	case scripts.None:
		job.Why = "nothing was to be compared with"
		return nil
	case "", scripts.Running:
		if job.Live = e.host.runningSource(job.Draft.Plugin); job.Live == nil {
			job.Why = "no version of this plugin runs at this moment"
		}
		return nil
	}
	if live := e.host.runningSource(job.Draft.Plugin); live != nil && live.Version == against {
		job.Live = live
		return nil
	}
	values, err := e.host.cfg.Engine.Store().Values(ctx, source.Space(job.Draft.Plugin))
	if err != nil {
		return fmt.Errorf("read the versions that ran: %w", err)
	}
	kept, err := source.ReadSources(values)
	if err == nil {
		job.Live, err = kept.Source(against)
	}
	if err != nil {
		return err
	}
	if job.Live == nil {
		known := strings.Join(kept.Versions(), ", ")
		if known == "" {
			known = "none"
		}
		return &scripts.RefusedError{Reason: scripts.NotFound, Title: "No such version", Detail: fmt.Sprintf("version %q is not kept; kept are: %s", against, known)}
	}
	return nil
}

// testsOf finds the tests to run.
func (e *Editor) testsOf(ctx context.Context, t *scripts.Tests) ([]string, error) {
	overlay := &source.Overlay{Root: e.host.cfg.Dir, Files: t.Files}
	entry, found, err := overlay.Plugin(t.Plugin)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &scripts.RefusedError{Reason: scripts.NotFound, Title: "No such plugin", Detail: fmt.Sprintf("there is no plugin %q", t.Plugin)}
	}
	list, err := e.folder.List(ctx)
	if err != nil {
		return nil, err
	}
	var files []string
	for i := range list.Files {
		if list.Files[i].Folder || !overlay.IsFile(filepath.Join(overlay.Root, filepath.FromSlash(list.Files[i].Path))) {
			continue
		}
		files = append(files, list.Files[i].Path)
	}
	for name, text := range t.Files {
		if text != nil {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	tests := trial.TestsOf(entry.File, slices.Compact(files))
	switch {
	case len(tests) == 0:
		return nil, &scripts.RefusedError{
			Reason: scripts.NotFound, Title: "No tests",
			Detail: fmt.Sprintf("plugin %s has no tests: write them in %s beside it", t.Plugin, strings.TrimSuffix(entry.File, filepath.Ext(entry.File))+".test.js"),
		}
	case t.File == "":
		return tests, nil
	case !slices.Contains(tests, t.File):
		return nil, &scripts.RefusedError{
			Reason: scripts.NotFound, Title: "No tests", Detail: fmt.Sprintf("%q is no file of tests of plugin %s; there are %s", t.File, t.Plugin, strings.Join(tests, ", ")),
		}
	default:
		return []string{t.File}, nil
	}
}

package trial

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
	"trackhook/scripting/internal/tester"
)

// test runs files of tests on the draft.
func (w *work) test(ctx context.Context) (*scripts.Tested, error) {
	out := &scripts.Tested{Plugin: w.Draft.Plugin, Files: []scripts.TestFile{}}
	var run *regexp.Regexp
	if w.Run != "" {
		var err error
		if run, err = regexp.Compile(w.Run); err != nil {
			return nil, &scripts.RefusedError{Reason: scripts.Invalid, Title: "Invalid run", Detail: "run is no regular expression: " + err.Error()}
		}
	}
	for _, file := range w.Files {
		cfg := tester.Config{
			Settings: w.settings(), Limit: w.EachTest, Run: run, Overlay: w.overlay, Most: maxActs, MostBytes: maxActBytes,
		}
		result, err := tester.Run(ctx, cfg, filepath.Join(w.overlay.Root, filepath.FromSlash(file)))
		late := errors.Is(err, context.DeadlineExceeded)
		if err != nil && !late {
			return nil, err
		}
		if late {
			out.Stopped = fmt.Sprintf("tests may take %s here: %s was not run to its end. `trackhook plugin test` has no such limit", w.Limit, file)
		}
		if result != nil {
			out.Files = append(out.Files, w.tested(file, result))
			out.Summary.Passed += result.Count(tester.Passed)
			out.Summary.Failed += result.Count(tester.Failed)
			out.Summary.Skipped += result.Count(tester.Skipped)
			out.Summary.Todo += result.Count(tester.Todo)
		}
		if late {
			break
		}
	}
	out.Took = w.took()
	return out, nil
}

func (w *work) tested(file string, result *tester.TestFile) scripts.TestFile {
	out := scripts.TestFile{File: file, Lines: lines(result.Lines), Tests: []scripts.TestCase{}, Took: milliseconds(result.Took)}
	if result.Problem != nil {
		out.Problem = w.failure(result.Problem)
	}
	for i := range result.Tests {
		t := &result.Tests[i]
		one := scripts.TestCase{Name: t.Name, Status: string(t.Status), Failures: []scripts.Problem{}, Lines: lines(t.Lines), Took: milliseconds(t.Took)}
		for _, failure := range t.Failures {
			one.Failures = append(one.Failures, *w.failure(failure))
		}
		out.Tests = append(out.Tests, one)
	}
	return out
}

func (w *work) failure(f *stage.Failure) *scripts.Problem { return w.problemOf(f.ScriptError()) }

// TestsOf are the files of tests of a plugin among files, whose first one is first: those beside it, or in its folder.
func TestsOf(first string, files []string) []string {
	var tests []string
	dir, base := path.Split(first)
	stem := strings.TrimSuffix(base, path.Ext(base))
	for _, file := range files {
		inside := dir != "" && strings.HasPrefix(file, dir)
		if source.IsTest(file) && (inside || path.Dir(file) == path.Clean(dir+".") && source.TestedName(file) == stem) {
			tests = append(tests, file)
		}
	}
	return tests
}

package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"trackhook/scripting"
)

// testPrinter prints results as people know them from Jest.
type testPrinter struct {
	out   io.Writer
	color bool
}

// The colours of terminals.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
	bold   = "1"
)

func paint(on bool, code, text string) string {
	if !on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p testPrinter) paint(code, text string) string { return paint(p.color, code, text) }

// file prints one file: a line for each test, and what went wrong below.
func (p testPrinter) file(f *scripting.TestFile) error {
	var b strings.Builder
	verdict := p.paint(green, "PASS")
	if f.Failed() {
		verdict = p.paint(red, "FAIL")
	}
	fmt.Fprintf(&b, "%s %s %s\n", verdict, f.File, p.paint(faint, "("+took(f.Took)+")"))
	var path []string
	for i := range f.Tests {
		test := &f.Tests[i]
		outer := test.Name[:len(test.Name)-1]
		for depth, name := range outer {
			if depth >= len(path) || path[depth] != name || !equalPrefix(path, outer, depth) {
				fmt.Fprintf(&b, "%s%s\n", strings.Repeat("  ", depth+1), name)
			}
		}
		path = outer
		p.test(&b, test, len(outer))
	}
	p.printed(&b, f.Lines, "  ")
	if f.Problem != nil {
		fmt.Fprintf(&b, "\n  %s\n", p.paint(red, "● "+f.File+" cannot be run"))
		p.failure(&b, f.Problem)
	}
	for i := range f.Tests {
		for _, failure := range f.Tests[i].Failures {
			fmt.Fprintf(&b, "\n  %s\n", p.paint(red, "● "+strings.Join(f.Tests[i].Name, " › ")))
			p.failure(&b, failure)
		}
	}
	_, err := io.WriteString(p.out, b.String())
	return err
}

func equalPrefix(a, b []string, n int) bool {
	for i := range n {
		if i >= len(a) || a[i] != b[i] {
			return false
		}
	}
	return true
}

func (p testPrinter) test(b *strings.Builder, test *scripting.TestCase, depth int) {
	indent := strings.Repeat("  ", depth+1)
	name, time := test.Name[len(test.Name)-1], ""
	if test.Took >= 5*timeUnit {
		time = p.paint(faint, " ("+took(test.Took)+")")
	}
	switch test.Status {
	case scripting.Passed:
		fmt.Fprintf(b, "%s%s %s%s\n", indent, p.paint(green, "✓"), name, time)
	case scripting.Failed:
		fmt.Fprintf(b, "%s%s %s%s\n", indent, p.paint(red, "✕"), name, time)
	case scripting.Skipped:
		fmt.Fprintf(b, "%s%s skipped %s\n", indent, p.paint(yellow, "○"), name)
	case scripting.Todo:
		fmt.Fprintf(b, "%s%s todo %s\n", indent, p.paint(yellow, "✎"), name)
	}
	p.printed(b, test.Lines, indent+"  ")
}

// printed is what a test has printed itself.
func (p testPrinter) printed(b *strings.Builder, lines []scripting.Line, indent string) {
	for _, line := range lines {
		text := strings.ReplaceAll(line.Text, "\n", "\n"+indent+"  ")
		fmt.Fprintf(b, "%s%s\n", indent, p.paint(faint, line.Level+": "+text))
	}
}

// failure prints what went wrong, where, and the line.
func (p testPrinter) failure(b *strings.Builder, f *scripting.Failure) {
	for line := range strings.Lines(f.Message + "\n") {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "Expected"):
			line = p.paint(green, line)
		case strings.HasPrefix(line, "+ "), strings.HasPrefix(line, "Received"):
			line = p.paint(red, line)
		case strings.HasPrefix(line, "@@"):
			line = p.paint(yellow, line)
		}
		b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
	if f.In != "" && f.In != "test" {
		fmt.Fprintf(b, "    %s\n", p.paint(faint, "in "+f.In))
	}
	if source, caret := f.Excerpt(); source != "" {
		number := strconv.Itoa(f.Line)
		fmt.Fprintf(b, "\n    %s %s | %s\n    %s | %s\n", p.paint(red, ">"), p.paint(faint, number), source,
			strings.Repeat(" ", len(number)+2), p.paint(red, caret))
	}
	if f.File != "" {
		stack := f.Stack
		if stack == "" {
			stack = fmt.Sprintf("at %s:%d:%d", f.File, f.Line, f.Column)
		}
		b.WriteString("\n")
		for line := range strings.Lines(stack) {
			fmt.Fprintf(b, "    %s\n", p.paint(faint, strings.TrimRight(line, "\n")))
		}
	}
}

// sum prints the last lines.
func (p testPrinter) sum(results []*scripting.TestFile) error {
	counts, files, bad, all := map[scripting.TestStatus]int{}, len(results), 0, 0
	var time time.Duration
	for _, result := range results {
		if result.Failed() {
			bad++
		}
		time += result.Took
		for i := range result.Tests {
			counts[result.Tests[i].Status]++
			all++
		}
	}
	line := func(parts ...string) string {
		var shown []string
		for _, part := range parts {
			if part != "" {
				shown = append(shown, part)
			}
		}
		return strings.Join(shown, ", ")
	}
	part := func(n int, what, color string) string {
		if n == 0 {
			return ""
		}
		return p.paint(color, fmt.Sprintf("%d %s", n, what))
	}
	_, err := fmt.Fprintf(p.out, "\n%s %s\n%s %s\n%s  %s\n",
		p.paint(bold, "Files:"), line(part(bad, "failed", red), part(files-bad, "passed", green), fmt.Sprint(files, " total")),
		p.paint(bold, "Tests:"), line(part(counts[scripting.Failed], "failed", red), part(counts[scripting.Skipped], "skipped", yellow),
			part(counts[scripting.Todo], "todo", yellow), part(counts[scripting.Passed], "passed", green), fmt.Sprint(all, " total")),
		p.paint(bold, "Time:"), took(time))
	return err
}

const timeUnit = time.Millisecond

// took is a duration as people read it.
func took(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

// The elements of JUnit's report, as far as the tools that read it agree.
type junitReport struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Error   *junitFailure `xml:"error,omitempty"`
	Skipped *struct{}     `xml:"skipped,omitempty"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(path string, results []*scripting.TestFile) error {
	report := junitReport{Name: "trackhook plugin test"}
	var whole time.Duration
	for _, f := range results {
		suite := junitSuite{Name: f.File, Time: seconds(f.Took)}
		whole += f.Took
		for i := range f.Tests {
			suite.Cases = append(suite.Cases, junitCaseOf(f, &f.Tests[i]))
		}
		if f.Problem != nil {
			suite.Errors++
			suite.Cases = append(suite.Cases, junitCase{Name: f.File, Class: f.File, File: f.File, Time: "0.000", Error: junitFailureOf(f.Problem)})
		}
		suite.Tests, suite.Failures = len(suite.Cases), f.Count(scripting.Failed)
		suite.Skipped = f.Count(scripting.Skipped) + f.Count(scripting.Todo)
		report.Tests, report.Failures = report.Tests+suite.Tests, report.Failures+suite.Failures
		report.Errors, report.Skipped = report.Errors+suite.Errors, report.Skipped+suite.Skipped
		report.Suites = append(report.Suites, suite)
	}
	report.Time = seconds(whole)
	text, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("write JUnit report: %w", err)
	}
	return os.WriteFile(path, append([]byte(xml.Header), append(text, '\n')...), 0o644)
}

func junitCaseOf(f *scripting.TestFile, test *scripting.TestCase) junitCase {
	c := junitCase{
		Name: strings.Join(test.Name, " › "), Class: path.Join(path.Dir(f.File), scripting.TestedName(f.File)), File: f.File, Time: seconds(test.Took),
	}
	if test.Status == scripting.Skipped || test.Status == scripting.Todo {
		c.Skipped = &struct{}{}
	}
	if len(test.Failures) > 0 {
		c.Failure = junitFailureOf(test.Failures[0])
		for _, more := range test.Failures[1:] {
			c.Failure.Text += "\n\n" + junitFailureOf(more).Text
		}
	}
	for _, line := range test.Lines {
		c.Output += line.Level + ": " + line.Text + "\n"
	}
	return c
}

func junitFailureOf(f *scripting.Failure) *junitFailure {
	first, _, _ := strings.Cut(f.Message, "\n")
	text := f.Message
	if f.File != "" {
		text += fmt.Sprintf("\n\nat %s:%d:%d\n%s", f.File, f.Line, f.Column, f.Source)
	}
	return &junitFailure{Message: first, Text: text}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

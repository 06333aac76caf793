package plugintest

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/scripting"
)

// slowTest is how long a test must take for its time to be printed.
const slowTest = 5 * time.Millisecond

// printer prints results as people know them from Jest.
type printer struct {
	out   io.Writer
	color bool
}

func (p printer) paint(code, text string) string { return terminal.Paint(p.color, code, text) }

// file prints one file: a line for each test, and what went wrong below.
func (p printer) file(f *scripting.TestFile) error {
	var b strings.Builder
	verdict := p.paint(terminal.Green, "PASS")
	if f.Failed() {
		verdict = p.paint(terminal.Red, "FAIL")
	}
	fmt.Fprintf(&b, "%s %s %s\n", verdict, terminal.OneLine(f.File), p.paint(terminal.Faint, "("+terminal.Took(f.Took)+")"))
	var path []string
	for i := range f.Tests {
		test := &f.Tests[i]
		outer := test.Name[:len(test.Name)-1]
		for depth, name := range outer {
			if depth >= len(path) || path[depth] != name || !equalPrefix(path, outer, depth) {
				fmt.Fprintf(&b, "%s%s\n", strings.Repeat("  ", depth+1), terminal.OneLine(name))
			}
		}
		path = outer
		p.test(&b, test, len(outer))
	}
	p.printed(&b, f.Lines, "  ")
	if f.Problem != nil {
		fmt.Fprintf(&b, "\n  %s\n", p.paint(terminal.Red, "● "+terminal.OneLine(f.File)+" cannot be run"))
		p.failure(&b, f.Problem)
	}
	for i := range f.Tests {
		for _, failure := range f.Tests[i].Failures {
			fmt.Fprintf(&b, "\n  %s\n", p.paint(terminal.Red, "● "+terminal.OneLine(strings.Join(f.Tests[i].Name, " › "))))
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

func (p printer) test(b *strings.Builder, test *scripting.TestCase, depth int) {
	indent := strings.Repeat("  ", depth+1)
	name, time := terminal.OneLine(test.Name[len(test.Name)-1]), ""
	if test.Took >= slowTest {
		time = p.paint(terminal.Faint, " ("+terminal.Took(test.Took)+")")
	}
	switch test.Status {
	case scripting.Passed:
		fmt.Fprintf(b, "%s%s %s%s\n", indent, p.paint(terminal.Green, "✓"), name, time)
	case scripting.Failed:
		fmt.Fprintf(b, "%s%s %s%s\n", indent, p.paint(terminal.Red, "✕"), name, time)
	case scripting.Skipped:
		fmt.Fprintf(b, "%s%s skipped %s\n", indent, p.paint(terminal.Yellow, "○"), name)
	case scripting.Todo:
		fmt.Fprintf(b, "%s%s todo %s\n", indent, p.paint(terminal.Yellow, "✎"), name)
	}
	p.printed(b, test.Lines, indent+"  ")
}

// printed is what a test has printed itself.
func (p printer) printed(b *strings.Builder, lines []scripting.Line, indent string) {
	for _, line := range lines {
		text := terminal.Indented(line.Text, indent+"  ")
		fmt.Fprintf(b, "%s%s\n", indent, p.paint(terminal.Faint, line.Level+": "+text))
	}
}

// failure prints what went wrong, where, and the line.
func (p printer) failure(b *strings.Builder, f *scripting.Failure) {
	for line := range strings.Lines(terminal.Visible(f.Message) + "\n") {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "Expected"):
			line = p.paint(terminal.Green, line)
		case strings.HasPrefix(line, "+ "), strings.HasPrefix(line, "Received"):
			line = p.paint(terminal.Red, line)
		case strings.HasPrefix(line, "@@"):
			line = p.paint(terminal.Yellow, line)
		}
		b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
	if f.In != "" && f.In != "test" {
		fmt.Fprintf(b, "    %s\n", p.paint(terminal.Faint, "in "+terminal.OneLine(f.In)))
	}
	if source, caret := f.Excerpt(); source != "" {
		number := strconv.Itoa(f.Line)
		fmt.Fprintf(b, "\n    %s %s | %s\n    %s | %s\n", p.paint(terminal.Red, ">"), p.paint(terminal.Faint, number), terminal.Visible(source),
			strings.Repeat(" ", len(number)+2), p.paint(terminal.Red, caret))
	}
	if f.File != "" {
		stack := f.Stack
		if stack == "" {
			stack = fmt.Sprintf("at %s:%d:%d", f.File, f.Line, f.Column)
		}
		b.WriteString("\n")
		for line := range strings.Lines(terminal.Visible(stack)) {
			fmt.Fprintf(b, "    %s\n", p.paint(terminal.Faint, strings.TrimRight(line, "\n")))
		}
	}
}

// sum prints the last lines.
func (p printer) sum(results []*scripting.TestFile) error {
	counts := map[scripting.TestStatus]int{}
	files, failed, tests := len(results), 0, 0
	var time time.Duration
	for _, result := range results {
		if result.Failed() {
			failed++
		}
		time += result.Took
		for i := range result.Tests {
			counts[result.Tests[i].Status]++
			tests++
		}
	}
	_, err := fmt.Fprintf(p.out, "\n%s %s\n%s %s\n%s  %s\n",
		p.paint(terminal.Bold, "Files:"), p.counted(files, count{failed, "failed", terminal.Red}, count{files - failed, "passed", terminal.Green}),
		p.paint(terminal.Bold, "Tests:"), p.counted(tests, count{counts[scripting.Failed], "failed", terminal.Red},
			count{counts[scripting.Skipped], "skipped", terminal.Yellow}, count{counts[scripting.Todo], "todo", terminal.Yellow},
			count{counts[scripting.Passed], "passed", terminal.Green}),
		p.paint(terminal.Bold, "Time:"), terminal.Took(time))
	return err
}

// count is how many files or tests ended in one way.
type count struct {
	n           int
	what, color string
}

// counted is a list of the counts that are not 0, and the total.
func (p printer) counted(total int, counts ...count) string {
	var shown []string
	for _, c := range counts {
		if c.n > 0 {
			shown = append(shown, p.paint(c.color, fmt.Sprintf("%d %s", c.n, c.what)))
		}
	}
	return strings.Join(append(shown, fmt.Sprint(total, " total")), ", ")
}

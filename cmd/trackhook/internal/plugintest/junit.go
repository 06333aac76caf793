package plugintest

import (
	"encoding/xml"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/scripting"
)

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
	if err := os.WriteFile(path, append([]byte(xml.Header), append(text, '\n')...), 0o644); err != nil {
		return config.Unwritable("--junit: the file", path, err)
	}
	return nil
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

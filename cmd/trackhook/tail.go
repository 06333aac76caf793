package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/engine/admin"
)

func newTail() *cobra.Command {
	var target command.Client
	var what admin.Answers
	var environment, kind, outcome string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Watch what comes of each attempt, and what scripts make of it",
		Long: "Watch what comes of each attempt, and what scripts make and print of it, until Ctrl-C. When more come than the host\n" +
			"tells, it says how many were left out. With --json, each line is one of /api/v1/answers.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if outcome != "" {
				if err := what.Outcome.UnmarshalText([]byte(outcome)); err != nil {
					return command.Usage(fmt.Errorf("--outcome: %w", err))
				}
			}
			what.Filter.Environment, what.Filter.Kind = engine.Environment(environment), engine.Kind(kind)
			tail := tailPrinter{out: cmd.OutOrStdout(), colored: terminal.Colored(cmd.OutOrStdout())}
			each := tail.print
			if asJSON {
				each = func(event admin.AnswerEvent) error { return terminal.JSONLine(cmd.OutOrStdout(), event) }
			}
			return target.Admin().Answers(cmd.Context(), what, each)
		},
	}
	flags := cmd.Flags()
	target.Flags(flags)
	flags.IntVarP(&what.Recent, "recent", "n", 10, "responses of the log to begin with")
	flags.StringVar(&what.Filter.AppToken, "app-token", "", "only of this app")
	flags.StringVar(&environment, "environment", "", "only of this environment: sandbox or production")
	flags.StringVar(&kind, "kind", "", "only of this kind, such as event")
	flags.StringVar(&what.Filter.Device, "device", "", "only of this device, KIND=ID")
	flags.StringVar(&what.Filter.EventToken, "event-token", "", "only of this event")
	flags.StringVar(&outcome, "outcome", "", "only with this outcome, such as rejected")
	flags.StringVar(&what.Plugin, "plugin", "", "only what this plugin ran on")
	flags.StringVar(&what.Text, "text", "", "only what mentions this, in whatever case")
	flags.BoolVar(&asJSON, "json", false, "print JSON, a line each")
	return cmd
}

// tailPrinter prints answers as they come.
type tailPrinter struct {
	out     io.Writer
	colored bool
	// told are the lines of runs that were printed, by response and plugin; of those that are told again.
	told map[uint64]map[string]int
	seqs []uint64
}

// mostTold bounds the responses whose runs are known.
const mostTold = 1000

func (t *tailPrinter) print(event admin.AnswerEvent) error {
	var text string
	switch event.Type {
	case "answer":
		text = t.answer(event.Answer)
	case "runs":
		text = t.runs(&event)
	case "line":
		text = t.line("", event.Plugin, event.Line)
	case "left_out":
		text = t.note(fmt.Sprintf("%d responses up to number %d are left out, because too many come; a filter shows more of those that you want", event.Count, event.To))
	case "gap":
		text = t.note(fmt.Sprintf("the log has lost the responses before number %d, because they are not kept for longer", event.Next))
	}
	_, err := io.WriteString(t.out, text)
	return err
}

// answer is a response in a line, in columns that fit most.
func (t *tailPrinter) answer(a *admin.Response) string {
	color := terminal.Green
	switch {
	case a.WillRetry:
		color = terminal.Yellow
	case !a.Outcome.Success():
		color = terminal.Red
	}
	status := "-"
	if a.Status != 0 {
		status = strconv.Itoa(a.Status)
	}
	what := string(a.Kind)
	if a.EventToken != "" {
		what += " " + a.EventToken
	}
	outcome := terminal.Paint(t.colored, color, fmt.Sprintf("%-15s", a.Outcome))
	return fmt.Sprintf("%s  %s  %3s  %-16s  %-32s  #%d  %s\n", clock(a.At), outcome, status, terminal.OneLine(what), terminal.OneLine(a.Device),
		a.Attempt, terminal.OneLine(cmp.Or(a.Message, "-")))
}

// runs are what plugins have printed that was not told before, and what went wrong.
func (t *tailPrinter) runs(event *admin.AnswerEvent) string {
	if t.told == nil {
		t.told = map[uint64]map[string]int{}
	}
	told := t.told[event.Seq]
	if told == nil {
		told = map[string]int{}
		t.told[event.Seq] = told
		if t.seqs = append(t.seqs, event.Seq); len(t.seqs) > mostTold {
			delete(t.told, t.seqs[0])
			t.seqs = t.seqs[1:]
		}
	}
	var text strings.Builder
	for i := range event.Runs {
		run := &event.Runs[i]
		name := cmp.Or(run.Plugin, run.Listener)
		lines := run.Lines[min(told[name], len(run.Lines)):]
		for j := range lines {
			text.WriteString(t.line("  ", name, &lines[j]))
		}
		if run.Failure != "" && len(run.Lines) == 0 && told[name] == 0 { // else it was printed
			text.WriteString(t.line("  ", name, &admin.Line{Level: "error", Text: run.Failure}))
			told[name]++
		}
		told[name] = max(told[name], len(run.Lines))
	}
	return text.String()
}

// line is a line of a plugin.
func (t *tailPrinter) line(indent, plugin string, line *admin.Line) string {
	text := terminal.Indented(line.Text, indent+"  ")
	switch line.Level {
	case "error":
		text = terminal.Paint(t.colored, terminal.Red, text)
	case "warn":
		text = terminal.Paint(t.colored, terminal.Yellow, text)
	}
	return indent + terminal.Paint(t.colored, terminal.Bold, terminal.OneLine(plugin)) + ": " + text + "\n"
}

func (t *tailPrinter) note(text string) string {
	return terminal.Paint(t.colored, terminal.Faint, "-- "+text) + "\n"
}

// clock is the time of a day to the millisecond, where people are.
func clock(at time.Time) string { return at.Local().Format("15:04:05.000") }

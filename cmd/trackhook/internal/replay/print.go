package replay

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/scripting"
)

// replayPrinter prints a replay: what is the same as a count, and what differs as a diff.
type printer struct {
	out   *bufio.Writer
	color bool
	all   bool
	json  bool
	count int
	// same counts the responses that were the same since the last one that differed.
	same int
	// version is the version that was compared with last.
	version string
	named   bool
}

func (p *printer) paint(code, text string) string { return terminal.Paint(p.color, code, text) }

func (p *printer) begin(name, source string) {
	if !p.json {
		fmt.Fprintf(p.out, "replaying %d answers from %s with %s; nothing is sent\n", p.count, terminal.OneLine(source), terminal.OneLine(name))
	}
}

// one prints one response. The zero response stands for the top level of the script.
func (p *printer) one(r *scripting.Replayed) error {
	if p.json {
		return p.line(r)
	}
	top := r.Response.Seq == 0
	if r.Verdict == scripting.Same && !p.all {
		if !top {
			p.same++
		}
		return nil
	}
	if top && len(r.Live)+len(r.Edited) == 0 {
		return nil
	}
	p.collapse()
	if !p.named || p.version != r.Version {
		p.named, p.version = true, r.Version
		if r.Version == "" {
			fmt.Fprintf(p.out, "\n%s\n", p.paint(terminal.Faint, "no version was kept for these answers; + is what the script on disk does"))
		} else {
			fmt.Fprintf(p.out, "\n%s\n", p.paint(terminal.Faint, "- version "+r.Version+" did this    + the script on disk does this"))
		}
	}
	fmt.Fprintf(p.out, "\n%s\n", p.title(r))
	p.diff(r)
	return nil
}

func (p *printer) collapse() {
	if p.same > 0 {
		fmt.Fprintf(p.out, "\n%s\n", p.paint(terminal.Faint, "  "+terminal.Number(p.same, "answer")+" the same"))
		p.same = 0
	}
}

func (p *printer) title(r *scripting.Replayed) string {
	if r.Response.Seq == 0 {
		return p.paint(terminal.Bold, "top level")
	}
	response := &r.Response
	what := []string{fmt.Sprintf("#%d", response.Seq), response.At.UTC().Format("2006-01-02 15:04:05"), string(response.Package.Kind)}
	for _, part := range []string{response.Package.EventToken(), response.Package.CallbackID} {
		if part != "" {
			what = append(what, part)
		}
	}
	what = append(what, response.Outcome.String())
	if response.WillRetry {
		what = append(what, fmt.Sprintf("(attempt %d)", response.Attempt))
	}
	title := p.paint(terminal.Bold, terminal.OneLine(strings.Join(what, " ")))
	switch r.Verdict {
	case scripting.NowThrows:
		title += "  " + p.paint(terminal.Red, "now throws")
	case scripting.NoLongerThrows:
		title += "  " + p.paint(terminal.Green, "no longer throws")
	case scripting.Same:
		title += "  " + p.paint(terminal.Faint, "same")
	case scripting.Differs, scripting.Unknown:
	}
	return title
}

// diff prints what the two did, line by line; errors with their place.
func (p *printer) diff(r *scripting.Replayed) {
	var before, after []string
	places := map[string]*scripting.Failure{}
	collect := func(acts []scripting.Act, into *[]string) {
		for i := range acts {
			*into = append(*into, acts[i].Text())
			if acts[i].Failure != nil {
				places[acts[i].Text()] = acts[i].Failure
			}
		}
	}
	collect(r.Live, &before)
	collect(r.Edited, &after)
	for _, line := range scripting.DiffLines(before, after) {
		text := terminal.Indented(line.Text, "      ")
		switch line.Op {
		case '-':
			fmt.Fprintln(p.out, p.paint(terminal.Red, "  - "+text))
		case '+':
			fmt.Fprintln(p.out, p.paint(terminal.Green, "  + "+text))
			p.place(places[line.Text])
		default:
			fmt.Fprintln(p.out, "    "+text)
		}
	}
	if len(before)+len(after) == 0 {
		fmt.Fprintln(p.out, p.paint(terminal.Faint, "    (nothing)"))
	}
}

// place prints where in the script an error is, if it is one and that is known.
func (p *printer) place(failure *scripting.Failure) {
	if failure == nil || failure.File == "" {
		return
	}
	fmt.Fprintf(p.out, "      %s\n", p.paint(terminal.Faint, fmt.Sprintf("at %s:%d:%d", terminal.OneLine(failure.File), failure.Line, failure.Column)))
	if source, caret := failure.Excerpt(); source != "" {
		fmt.Fprintf(p.out, "        %s\n        %s\n", terminal.Visible(source), p.paint(terminal.Red, caret))
	}
}

// sum prints the last lines.
func (p *printer) sum(s *scripting.ReplaySummary) error {
	if p.json {
		if err := terminal.JSONLine(p.out, map[string]any{"summary": s}); err != nil {
			return err
		}
		return p.out.Flush()
	}
	p.collapse()
	if s.Responses == 0 {
		fmt.Fprintln(p.out, "\nno answers match: there is nothing to replay")
		return p.out.Flush()
	}
	fmt.Fprintf(p.out, "\n%s: %s\n", terminal.Number(s.Responses, "answer"), p.verdicts(s))
	fmt.Fprintln(p.out, p.paint(terminal.Faint, fmt.Sprintf("version %s on disk, answers of %s", s.Version, span(s.First, s.Last))))
	if s.Unedited {
		fmt.Fprintln(p.out, "the script on disk is the very version that handled these answers; edit it, or name another version with --against")
	}
	return p.out.Flush()
}

// verdicts counts answers by what came of them, such as 3 same, 1 differs.
func (p *printer) verdicts(s *scripting.ReplaySummary) string {
	parts := []string{}
	for _, part := range []struct {
		verdict      scripting.Verdict
		one, several string
		color        string
	}{
		{scripting.Same, "same", "same", terminal.Green},
		{scripting.Differs, "differs", "differ", terminal.Yellow},
		{scripting.NowThrows, "now throws", "now throw", terminal.Red},
		{scripting.NoLongerThrows, "no longer throws", "no longer throw", terminal.Green},
		{scripting.Unknown, "with nothing to compare with", "with nothing to compare with", terminal.Yellow},
	} {
		n := s.Verdicts[part.verdict]
		if n == 0 && part.verdict != scripting.Same {
			continue
		}
		text := part.several
		if n == 1 {
			text = part.one
		}
		parts = append(parts, p.paint(part.color, fmt.Sprintf("%d %s", n, text)))
	}
	return strings.Join(parts, ", ")
}

func span(first, last time.Time) string {
	const layout = "2006-01-02 15:04:05"
	if last.Sub(first) < time.Second {
		return first.UTC().Format(layout)
	}
	return first.UTC().Format(layout) + " to " + last.UTC().Format(layout)
}

// jsonLine is one response in JSON.
type jsonLine struct {
	Seq        uint64            `json:"seq,omitempty"`
	At         time.Time         `json:"at,omitzero"`
	ID         string            `json:"id,omitempty"`
	Kind       engine.Kind       `json:"kind,omitempty"`
	EventToken string            `json:"event_token,omitempty"`
	CallbackID string            `json:"callback_id,omitempty"`
	Outcome    string            `json:"outcome,omitempty"`
	TopLevel   bool              `json:"top_level,omitempty"`
	Version    string            `json:"version,omitempty"`
	Verdict    scripting.Verdict `json:"verdict"`
	Live       []jsonAct         `json:"live"`
	Edited     []jsonAct         `json:"edited"`
}

type jsonAct struct {
	scripting.Act
	Tracked string `json:"tracked,omitempty"`
}

func (p *printer) line(r *scripting.Replayed) error {
	if r.Verdict == scripting.Same && !p.all {
		return nil
	}
	line := jsonLine{Verdict: r.Verdict, Version: r.Version, Live: jsonActs(r.Live), Edited: jsonActs(r.Edited)}
	if response := &r.Response; response.Seq == 0 {
		line.TopLevel = true
	} else {
		line.Seq, line.At, line.ID, line.Kind = response.Seq, response.At, response.Package.ID, response.Package.Kind
		line.EventToken, line.CallbackID = response.Package.Params["event_token"], response.Package.CallbackID
		line.Outcome = response.Outcome.String()
	}
	return terminal.JSONLine(p.out, line)
}

func jsonActs(acts []scripting.Act) []jsonAct {
	lines := make([]jsonAct, len(acts))
	for i := range acts {
		lines[i] = jsonAct{Act: acts[i]}
		if acts[i].Tracked != nil {
			lines[i].Tracked = acts[i].Text()
		}
	}
	return lines
}

package main

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/scripting"
)

// replayPrinter prints a replay: what is the same as a count, and what differs as a diff.
type replayPrinter struct {
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

func (p *replayPrinter) paint(code, text string) string { return paint(p.color, code, text) }

func (p *replayPrinter) begin(name, source string) {
	if !p.json {
		fmt.Fprintf(p.out, "replaying %d answers from %s with %s; nothing is sent\n", p.count, oneLine(source), oneLine(name))
	}
}

// one prints one response. The zero response stands for the top level of the script.
func (p *replayPrinter) one(r *scripting.Replayed) error {
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
			fmt.Fprintf(p.out, "\n%s\n", p.paint(faint, "no version was kept for these answers; + is what the script on disk does"))
		} else {
			fmt.Fprintf(p.out, "\n%s\n", p.paint(faint, "- version "+r.Version+" did this    + the script on disk does this"))
		}
	}
	fmt.Fprintf(p.out, "\n%s\n", p.title(r))
	p.diff(r)
	return nil
}

func (p *replayPrinter) collapse() {
	if p.same > 0 {
		fmt.Fprintf(p.out, "\n%s\n", p.paint(faint, "  "+number(p.same, "answer")+" the same"))
		p.same = 0
	}
}

func (p *replayPrinter) title(r *scripting.Replayed) string {
	if r.Response.Seq == 0 {
		return p.paint(bold, "top level")
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
	title := p.paint(bold, oneLine(strings.Join(what, " ")))
	switch r.Verdict {
	case scripting.NowThrows:
		title += "  " + p.paint(red, "now throws")
	case scripting.NoLongerThrows:
		title += "  " + p.paint(green, "no longer throws")
	case scripting.Same:
		title += "  " + p.paint(faint, "same")
	case scripting.Differs, scripting.Unknown:
	}
	return title
}

// diff prints what the two did, line by line; errors with their place.
func (p *replayPrinter) diff(r *scripting.Replayed) {
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
		text := indented(line.Text, "      ")
		switch line.Op {
		case '-':
			fmt.Fprintln(p.out, p.paint(red, "  - "+text))
		case '+':
			fmt.Fprintln(p.out, p.paint(green, "  + "+text))
			p.place(places[line.Text])
		default:
			fmt.Fprintln(p.out, "    "+text)
		}
	}
	if len(before)+len(after) == 0 {
		fmt.Fprintln(p.out, p.paint(faint, "    (nothing)"))
	}
}

// place prints where in the script an error is, if it is one and that is known.
func (p *replayPrinter) place(failure *scripting.Failure) {
	if failure == nil || failure.File == "" {
		return
	}
	fmt.Fprintf(p.out, "      %s\n", p.paint(faint, fmt.Sprintf("at %s:%d:%d", oneLine(failure.File), failure.Line, failure.Column)))
	if source, caret := failure.Excerpt(); source != "" {
		fmt.Fprintf(p.out, "        %s\n        %s\n", visible(source), p.paint(red, caret))
	}
}

// sum prints the last lines.
func (p *replayPrinter) sum(s *scripting.ReplaySummary) error {
	if p.json {
		if err := printLine(p.out, map[string]any{"summary": s}); err != nil {
			return err
		}
		return p.out.Flush()
	}
	p.collapse()
	if s.Responses == 0 {
		fmt.Fprintln(p.out, "\nno answers match: there is nothing to replay")
		return p.out.Flush()
	}
	fmt.Fprintf(p.out, "\n%s: %s\n", number(s.Responses, "answer"), p.verdicts(s))
	fmt.Fprintln(p.out, p.paint(faint, fmt.Sprintf("version %s on disk, answers of %s", s.Version, span(s.First, s.Last))))
	if s.Unedited {
		fmt.Fprintln(p.out, "the script on disk is the very version that handled these answers; edit it, or name another version with --against")
	}
	return p.out.Flush()
}

// verdicts counts answers by what came of them, such as 3 same, 1 differs.
func (p *replayPrinter) verdicts(s *scripting.ReplaySummary) string {
	parts := []string{}
	for _, part := range []struct {
		verdict      scripting.Verdict
		one, several string
		color        string
	}{
		{scripting.Same, "same", "same", green},
		{scripting.Differs, "differs", "differ", yellow},
		{scripting.NowThrows, "now throws", "now throw", red},
		{scripting.NoLongerThrows, "no longer throws", "no longer throw", green},
		{scripting.Unknown, "with nothing to compare with", "with nothing to compare with", yellow},
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

// replayLine is one response in JSON.
type replayLine struct {
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
	Live       []replayAct       `json:"live"`
	Edited     []replayAct       `json:"edited"`
}

type replayAct struct {
	scripting.Act
	Tracked string `json:"tracked,omitempty"`
}

func (p *replayPrinter) line(r *scripting.Replayed) error {
	if r.Verdict == scripting.Same && !p.all {
		return nil
	}
	line := replayLine{Verdict: r.Verdict, Version: r.Version, Live: replayActs(r.Live), Edited: replayActs(r.Edited)}
	if response := &r.Response; response.Seq == 0 {
		line.TopLevel = true
	} else {
		line.Seq, line.At, line.ID, line.Kind = response.Seq, response.At, response.Package.ID, response.Package.Kind
		line.EventToken, line.CallbackID = response.Package.Params["event_token"], response.Package.CallbackID
		line.Outcome = response.Outcome.String()
	}
	return printLine(p.out, line)
}

func replayActs(acts []scripting.Act) []replayAct {
	lines := make([]replayAct, len(acts))
	for i := range acts {
		lines[i] = replayAct{Act: acts[i]}
		if acts[i].Tracked != nil {
			lines[i].Tracked = acts[i].Text()
		}
	}
	return lines
}

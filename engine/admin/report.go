package admin

import (
	"encoding/csv"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// Count is one row of the reconciliation: what to compare with the dashboard.
type Count struct {
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	Kind        engine.Kind        `json:"kind"`
	EventToken  string             `json:"event_token,omitempty"`
	// Day is the day of the activity, UTC, such as 2026-01-02.
	Day string `json:"day"`
	// Accepted counts packages that were taken in.
	Accepted uint64 `json:"accepted"`
	// Outcomes counts responses; every outcome is there.
	Outcomes map[engine.Outcome]uint64 `json:"outcomes"`
	// Ambiguous counts possible duplicates: attempts whose request was sent completely and got no answer.
	Ambiguous uint64 `json:"ambiguous"`
}

// report is the reconciliation of some days.
type report struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Counts []Count `json:"counts"`
}

// maxDays bounds the days of one report.
const maxDays = 400

// counts answers how many packages were accepted, and what became of them.
func (a *api) counts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(appFilter(), "kind", "event_token", "from", "to", "format")...)
	if err != nil {
		return err
	}
	filter, err := q.filter(time.Now())
	if err != nil {
		return err
	}
	from, to, err := q.days(time.Now())
	if err != nil {
		return err
	}
	asCSV, err := q.csv(r.Header.Get("Accept"))
	if err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
	}
	rows, err := a.cfg.Inspector.Counts(r.Context(), from, to)
	if err != nil {
		return err
	}
	body := report{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Counts: []Count{}}
	for i := range rows {
		if takes(&filter, &rows[i]) {
			body.Counts = append(body.Counts, newCount(&rows[i]))
		}
	}
	if asCSV {
		writeCSV(w, body)
		return nil
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// takes tells whether a filter takes a row.
func takes(filter *engine.Filter, c *engine.Count) bool {
	return (filter.AppToken == "" || filter.AppToken == c.App.Token) &&
		(filter.Environment == "" || filter.Environment == c.App.Environment) &&
		(filter.Kind == "" || filter.Kind == c.Kind) &&
		(filter.EventToken == "" || filter.EventToken == c.EventToken)
}

// newCount makes a row.
func newCount(c *engine.Count) Count {
	count := Count{
		AppToken: c.App.Token, Environment: c.App.Environment, Kind: c.Kind, EventToken: c.EventToken,
		Day: c.Day.UTC().Format(time.DateOnly), Accepted: c.Accepted, Ambiguous: c.Ambiguous,
		Outcomes: make(map[engine.Outcome]uint64, len(engine.Outcomes())),
	}
	for _, outcome := range engine.Outcomes() {
		count.Outcomes[outcome] = c.Outcomes[outcome]
	}
	return count
}

// days reads from and to, both inclusive.
func (q query) days(now time.Time) (from, to time.Time, err error) {
	day := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	if to, err = q.time("to", now); err != nil {
		return from, to, err
	}
	if to.IsZero() {
		to = now
	}
	to = day(to)
	if from, err = q.time("from", now); err != nil {
		return from, to, err
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, 1-DefaultDays)
	}
	from = day(from)
	switch {
	case from.After(to):
		return from, to, invalid("from", "must not be later than to")
	case to.Sub(from) >= maxDays*24*time.Hour:
		return from, to, invalid("from", "and to must not be more than "+strconv.Itoa(maxDays)+" days apart; ask for less at a time")
	default:
		return from, to, nil
	}
}

// csv tells whether the answer is a table: by the parameter format, or else by Accept.
func (q query) csv(accept string) (bool, error) {
	switch format, given := q["format"]; {
	case format == "csv":
		return true, nil
	case format == "json":
		return false, nil
	case given:
		return false, invalid("format", engine.Quote(format)+" must be json or csv")
	}
	for part := range strings.SplitSeq(accept, ",") {
		switch media, _, _ := mime.ParseMediaType(part); media {
		case "text/csv":
			return true, nil
		case "application/json", "application/*", "*/*":
			return false, nil
		}
	}
	return false, nil
}

// writeCSV writes one line for each row, behind a line of names.
func writeCSV(w http.ResponseWriter, body report) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="trackhook-`+body.From+"-"+body.To+`.csv"`)
	out := csv.NewWriter(w)
	head := []string{"app_token", "environment", "kind", "event_token", "day", "accepted"}
	for _, outcome := range engine.Outcomes() {
		head = append(head, outcome.String())
	}
	_ = out.Write(append(head, "ambiguous")) // the asker may have gone
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	for i := range body.Counts {
		c := &body.Counts[i]
		line := []string{c.AppToken, string(c.Environment), string(c.Kind), cell(c.EventToken), c.Day, number(c.Accepted)}
		for _, outcome := range engine.Outcomes() {
			line = append(line, number(c.Outcomes[outcome]))
		}
		_ = out.Write(append(line, number(c.Ambiguous)))
	}
	out.Flush()
}

// cell keeps a spreadsheet from taking what a sender chose for a formula. Adjust's tokens never begin like one.
func cell(text string) string {
	if text != "" && slices.Contains([]byte("=+-@"), text[0]) {
		return "'" + text
	}
	return text
}

// stats is the JSON of [engine.Stats].
type stats struct {
	Queued    uint64 `json:"queued"`
	Lanes     uint64 `json:"lanes"`
	Leased    uint64 `json:"leased"`
	Dead      uint64 `json:"dead"`
	DeadBytes uint64 `json:"dead_bytes"`
	Ambiguous uint64 `json:"ambiguous"`
	Full      string `json:"full,omitempty"`
	Damaged   string `json:"damaged,omitempty"`
	First     uint64 `json:"first"`
	Last      uint64 `json:"last"`
	Bytes     uint64 `json:"bytes"`
}

// stats answers with the counts of the store.
func (a *api) stats(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	counts, err := a.cfg.Stats(r.Context())
	if err != nil {
		return err
	}
	a.write(w, http.StatusOK, stats(counts))
	return nil
}

package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// Packages iterates over queued packages and dead letters, page by page as they are needed. An error is the last pair.
func (c *Client) Packages(ctx context.Context, filter engine.Filter) iter.Seq2[Package, error] {
	return pages(values(&filter), func(query url.Values) ([]Package, string, error) {
		var page packagePage
		err := c.get(ctx, "/api/v1/packages", query, &page)
		return page.Packages, page.Next, err
	})
}

// Lanes iterates over the lanes that hold packages. Of filter, AppToken, Environment and Device count, and the others
// must be zero. An error is the last pair.
func (c *Client) Lanes(ctx context.Context, filter engine.Filter) iter.Seq2[Lane, error] {
	return pages(values(&filter), func(query url.Values) ([]Lane, string, error) {
		var page lanePage
		err := c.get(ctx, "/api/v1/lanes", query, &page)
		return page.Lanes, page.Next, err
	})
}

// pages iterates over the rows of all pages.
func pages[T any](query url.Values, get func(url.Values) (rows []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		query := url.Values(http.Header(query).Clone()) // each iteration starts at the front
		for {
			rows, next, err := get(query)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			query.Set("page", next)
		}
	}
}

// Package returns everything that is known about one package. An error that is [engine.ErrNotFound] means that the host
// does not know it.
func (c *Client) Package(ctx context.Context, id string) (Timeline, error) {
	if id == "" {
		return Timeline{}, errNoID()
	}
	var timeline Timeline
	err := c.ask(ctx, call{method: http.MethodGet, path: packagePath, id: id}, &timeline)
	return timeline, err
}

// DropPackage drops one package, queued or dead. It may be called again after an error: [engine.ErrNotFound] then means
// that it is gone.
func (c *Client) DropPackage(ctx context.Context, id string) error {
	if id == "" {
		return errNoID()
	}
	var body struct{ Dropped int }
	return c.ask(ctx, call{method: http.MethodDelete, path: packagePath, id: id}, &body)
}

func errNoID() error { return errors.New("the id of the package is empty") }

// DeadSummary counts dead letters by app and reason. State must be zero.
func (c *Client) DeadSummary(ctx context.Context, filter engine.Filter) (Summary, error) {
	var summary Summary
	err := c.get(ctx, "/api/v1/dead/summary", values(&filter), &summary)
	return summary, err
}

// Responses returns responses behind the given number, at most limit, and the number to go on after. None means that
// there are none yet. Limit 0 means the host's default.
func (c *Client) Responses(ctx context.Context, after uint64, limit int) (responses []Response, next uint64, err error) {
	return c.responses(ctx, after, limit, url.Values{})
}

// Recorded returns the same as the log of the host has it, for a replay: messages and answers complete and to the byte. What
// is not told is AskIn and ContinueIn, and the values of credentials, which are [redacted].
func (c *Client) Recorded(ctx context.Context, after uint64, limit int) (responses []engine.Response, next uint64, err error) {
	rows, next, err := c.responses(ctx, after, limit, url.Values{"raw": {"true"}})
	responses = make([]engine.Response, len(rows))
	for i := range rows {
		responses[i] = rows[i].recorded()
	}
	return responses, next, err
}

// responses reads one page of the log.
func (c *Client) responses(ctx context.Context, after uint64, limit int, query url.Values) ([]Response, uint64, error) {
	query.Set("after", strconv.FormatUint(after, 10))
	if limit != 0 {
		query.Set("limit", strconv.Itoa(limit))
	}
	var page responsePage
	err := c.get(ctx, "/api/v1/responses", query, &page)
	return page.Responses, page.Next, err
}

// Counts returns the reconciliation for the days from..to, both inclusive, UTC. Zero times mean today and the six days
// before. Of filter, AppToken, Environment, Kind and EventToken count, and the others must be zero.
func (c *Client) Counts(ctx context.Context, from, to time.Time, filter engine.Filter) ([]Count, error) {
	var body report
	err := c.get(ctx, "/api/v1/counts", days(from, to, &filter), &body)
	return body.Counts, err
}

// CountsCSV writes the same as a table to w, with a line of names.
func (c *Client) CountsCSV(ctx context.Context, w io.Writer, from, to time.Time, filter engine.Filter) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	host, body, err := c.stream(ctx, call{
		method: http.MethodGet, path: "/api/v1/counts", query: days(from, to, &filter), accept: "text/csv",
	})
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // nothing was written
	if _, err := io.Copy(w, body); err != nil {
		return fmt.Errorf("copy the answer of %s: %w", host, err)
	}
	return nil
}

// days is what selects days and rows of the reconciliation.
func days(from, to time.Time, filter *engine.Filter) url.Values {
	query := values(filter)
	for name, day := range map[string]time.Time{"from": from, "to": to} {
		if !day.IsZero() {
			query.Set(name, day.UTC().Format(time.DateOnly))
		}
	}
	return query
}

// Acknowledge says that somebody has looked at the dead letters: revenue among them degrades the health no more.
func (c *Client) Acknowledge(ctx context.Context) error {
	var body acknowledged
	return c.ask(ctx, call{method: http.MethodPost, path: "/api/v1/dead/acknowledge"}, &body)
}

// Plugins returns the state of every plugin.
func (c *Client) Plugins(ctx context.Context) ([]Plugin, error) {
	var body struct {
		Plugins []Plugin `json:"plugins"`
	}
	err := c.get(ctx, "/api/v1/plugins", nil, &body)
	return body.Plugins, err
}

// Host returns what does not change while the host runs.
func (c *Client) Host(ctx context.Context) (Host, error) {
	var host Host
	err := c.get(ctx, "/api/v1/host", nil, &host)
	return host, err
}

// Reload has the host read its configuration again. When that cannot be used, the error is an [*AnswerError] with status
// 422 that says what is wrong with it, and the host goes on as it was.
func (c *Client) Reload(ctx context.Context) (Reloaded, error) {
	var reloaded Reloaded
	err := c.ask(ctx, call{method: http.MethodPost, path: reloadPath}, &reloaded)
	return reloaded, err
}

// Stats returns the counts of the store.
func (c *Client) Stats(ctx context.Context) (engine.Stats, error) {
	var counts stats
	err := c.get(ctx, "/api/v1/stats", nil, &counts)
	return engine.Stats(counts), err
}

// Health returns the answer of /healthz, whichever status it has. The error is for no such answer.
func (c *Client) Health(ctx context.Context) (Health, error) {
	var health Health
	err := c.get(ctx, "/healthz", nil, &health)
	return health, err
}

// Ready returns the answer of /readyz, as [Client.Health] does that of /healthz.
func (c *Client) Ready(ctx context.Context) (Health, error) {
	var health Health
	err := c.get(ctx, "/readyz", nil, &health)
	return health, err
}

// Sources returns what the host keeps of the source of a plugin's versions: the values of scripting.SourceSpace, for
// scripting.ReadSources.
func (c *Client) Sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	var body pluginSources
	err := c.get(ctx, pluginsPath+url.PathEscape(plugin)+sourcesPart, nil, &body)
	return body.Values, err
}

// ForgetPlugin gives up what the host keeps of a plugin that was removed: its place in the log, its localStorage and the
// sources of the versions that ran. An error that is [engine.ErrNotFound] means that nothing is kept; a plugin that is in
// the plugins folder is an [*AnswerError] with status 409.
func (c *Client) ForgetPlugin(ctx context.Context, name string) error {
	if name == "" || strings.Contains(name, "/") {
		return errors.New("the name of a plugin must not be empty or hold a slash")
	}
	var body struct{ Forgotten string }
	return c.ask(ctx, call{method: http.MethodDelete, path: pluginsPath + url.PathEscape(name)}, &body)
}

// HastenLane has a device tried now that waits for a later time, or for a session of its. One that has nothing queued, or is of
// an app that the host does not send, is an [*AnswerError] with status 404, and an app that is not named clearly one with 400.
func (c *Client) HastenLane(ctx context.Context, lane LaneName) (Hastened, error) {
	var hastened Hastened
	err := c.ask(ctx, call{method: http.MethodPost, path: hastenPath, body: lane}, &hastened)
	return hastened, err
}

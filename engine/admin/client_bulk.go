package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"trackhook/engine"
)

// Bulk says which packages to put back or drop, and how fast: dead letters, or queued ones where the call says so.
type Bulk struct {
	// IDs names them. Others are skipped.
	IDs []string
	// Filter selects them when there are no IDs; it must be given then, and a zero filter takes all. State must be zero, or
	// dead for dead letters.
	Filter *engine.Filter
	// Rate is how many are changed in a second. Default [DefaultRate].
	Rate float64
	// Max is how many are changed at most. Default: no bound.
	Max uint64

	to *bulkApp // for Adopt
}

// Retry puts dead letters back into their lanes. It calls progress, unless nil, after each batch, and returns the last
// progress. When ctx ends, the host stops after the batch in hand.
func (c *Client) Retry(ctx context.Context, what Bulk, progress func(Progress)) (Progress, error) {
	return c.change(ctx, "/api/v1/dead/retry", what, progress)
}

// Drop drops dead letters, as [Client.Retry] puts them back.
func (c *Client) Drop(ctx context.Context, what Bulk, progress func(Progress)) (Progress, error) {
	return c.change(ctx, "/api/v1/dead/drop", what, progress)
}

// DropQueued drops queued packages that are not being sent just then, as [Client.Drop] drops dead letters: those of the filter
// that were accepted before.
func (c *Client) DropQueued(ctx context.Context, what Bulk, progress func(Progress)) (Progress, error) {
	return c.change(ctx, queueDropPath, what, progress)
}

// DropHeld drops queued packages of an app that is not configured, which the filter must name, as [Client.Drop] drops dead
// letters.
func (c *Client) DropHeld(ctx context.Context, what Bulk, progress func(Progress)) (Progress, error) {
	return c.change(ctx, "/api/v1/held/drop", what, progress)
}

// Adopt gives queued packages of an app that is not configured, which the filter must name, to one that is.
func (c *Client) Adopt(ctx context.Context, to engine.App, what Bulk, progress func(Progress)) (Progress, error) {
	what.to = &bulkApp{AppToken: to.Token, Environment: string(to.Environment)}
	return c.change(ctx, "/api/v1/held/adopt", what, progress)
}

// change asks for a bulk change and reads its progress.
func (c *Client) change(ctx context.Context, path string, what Bulk, progress func(Progress)) (last Progress, err error) {
	body, err := what.body()
	if err != nil {
		return last, err
	}
	host, stream, err := c.stream(ctx, call{method: http.MethodPost, path: path, body: body, accept: "application/x-ndjson"})
	if err != nil {
		return last, err
	}
	defer stream.Close() //nolint:errcheck // nothing was written
	if last, err = readProgress(host, stream, progress); err != nil {
		return last, err
	}
	switch {
	case last.Error != "":
		return last, fmt.Errorf("the host at %s ended after %d: %s", host, last.Changed, last.Error)
	case last.Done:
		return last, nil
	case ctx.Err() != nil:
		return last, ctx.Err()
	default:
		return last, fmt.Errorf("the host at %s broke off after %d; start again to go on", host, last.Changed)
	}
}

// body is what the host is asked with.
func (what *Bulk) body() (bulkBody, error) {
	body := bulkBody{IDs: what.IDs, To: what.to}
	switch {
	case len(what.IDs) == 0 && what.Filter == nil:
		return body, errors.New("give ids, or a filter")
	case len(what.IDs) == 0:
		filter := *what.Filter
		if filter.State == engine.Dead {
			filter.State = "" // it is what the path says
		}
		all := pairs(&filter)
		body.Filter = &all
	}
	if what.Rate != 0 {
		body.Rate = &what.Rate
	}
	if what.Max != 0 {
		body.Max = &what.Max
	}
	return body, nil
}

// readProgress reads the lines of a bulk change, and returns the last.
func readProgress(host string, lines io.Reader, progress func(Progress)) (last Progress, err error) {
	for scanner := bufio.NewScanner(lines); scanner.Scan(); {
		var next Progress
		if json.Unmarshal(scanner.Bytes(), &next) != nil {
			return last, strange(host)
		}
		last = next
		if progress != nil {
			progress(last)
		}
	}
	return last, nil
}

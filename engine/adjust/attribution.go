package adjust

import (
	"context"

	"trackhook/engine"
)

// kindAttribution is the path of a question. It is no kind of package: nothing of it is queued.
const kindAttribution engine.Kind = "attribution"

// Attribution asks the server once where a device came from, as Adjust's SDKs do: a GET of /attribution at the endpoint of
// the app's sessions, with their token. Adjust documents it for SDKs only; a server without it answers with 404. p names
// the app and, in its parameters, the device; its kind does not matter.
func (d *Deliverer) Attribution(ctx context.Context, p *engine.Package) Answer {
	question := *p
	question.Kind = kindAttribution
	now := d.setup.Load()
	to := now.target(d, &question)
	if to.spare != nil && to.useSpare.Load() {
		to = to.spare
	}
	return d.attempt(ctx, &question, to, now)
}

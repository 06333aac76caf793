package replay

import (
	"slices"
	"strconv"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/stage"
)

// Verdict is how the edited version compares with the one that ran.
type Verdict string

// The verdicts.
const (
	// Same: both did the same.
	Same Verdict = "same"
	// Differs: they did not.
	Differs Verdict = "differs"
	// NowThrows: the edited version throws, and the other one did not.
	NowThrows Verdict = "now_throws"
	// NoLongerThrows: the other way round.
	NoLongerThrows Verdict = "no_longer_throws"
	// Unknown: the version that ran was not kept, so there is nothing to compare with.
	Unknown Verdict = "unknown"
)

// Replayed is what came of one response. Its zero Response stands for the top level of the script.
type Replayed struct {
	Response engine.Response
	// Version is the version that is compared with. Empty: none.
	Version string
	Verdict Verdict
	// Live and Edited are what the two did: while they handled the response, and in timers until the next.
	Live, Edited []stage.Act
}

// Summary counts the verdicts of a replay, without that of the top level.
type Summary struct {
	// Version is the version on disk.
	Version string `json:"version"`
	// Responses counts all, and Verdicts each kind.
	Responses int             `json:"responses"`
	Verdicts  map[Verdict]int `json:"verdicts"`
	// Unedited tells that every response was compared with the very version that is on disk.
	Unedited bool `json:"unedited,omitempty"`
	// First and Last are when the first and the last response came.
	First, Last time.Time `json:"-"`
	// Cut tells that not all that the two did was recorded, because there was too much.
	Cut bool `json:"-"`
	// LiveError is why a version could not be loaded that was to be compared with. Empty: all could.
	LiveError string `json:"-"`
}

// judge compares what the two did.
func (p *Replayed) judge() {
	live, edited := throws(p.Live), throws(p.Edited)
	switch {
	case p.Version == "":
		p.Verdict = Unknown
	case edited && !live:
		p.Verdict = NowThrows
	case live && !edited:
		p.Verdict = NoLongerThrows
	case slices.Equal(stage.ActTexts(p.Live), stage.ActTexts(p.Edited)):
		p.Verdict = Same
	default:
		p.Verdict = Differs
	}
}

func throws(acts []stage.Act) bool {
	return slices.ContainsFunc(acts, func(a stage.Act) bool { return a.Failure != nil })
}

// NewlyTracked returns what the edited version tracks and the other one did not, ready for the queue. The ids are made
// from the response and from what is tracked, so that the same replay done twice is one package. What the top level
// tracks is not among it: a host sends that by itself when it loads the script.
func (p *Replayed) NewlyTracked(plugin string) []engine.Package {
	if p.Response.Seq == 0 {
		return nil
	}
	known := map[string]int{}
	for i := range p.Live {
		if p.Live[i].Tracked != nil {
			known[p.Live[i].Text()]++
		}
	}
	var fresh []engine.Package
	seen := map[string]int{}
	for i := range p.Edited {
		if p.Edited[i].Tracked == nil {
			continue
		}
		text := p.Edited[i].Text()
		if seen[text]++; seen[text] <= known[text] {
			continue
		}
		next := p.Edited[i].Tracked.Clone()
		next.ID = engine.DerivedID("replay", plugin, p.Response.Package.ID,
			strconv.Itoa(p.Response.Attempt), text, strconv.Itoa(seen[text]))
		// Counts of the replay's own device state mean nothing to the server.
		delete(next.Params, "event_count")
		delete(next.Params, "session_count")
		fresh = append(fresh, next)
	}
	return fresh
}

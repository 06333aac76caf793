package scripting

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/replay"
	"trackhook/scripting/internal/stage"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
)

type replayRequest struct {
	Setup   setup
	Name    string
	Sources map[string][]byte
	Against string
	Stored  map[string][]byte
}

// toldReplayed is a [Replayed] as it goes over, and toldAct an act of it: without the secrets, which the host has.
type toldReplayed struct {
	Response     engine.Response
	Version      string
	Verdict      Verdict
	Live, Edited []toldAct
}

type toldAct struct {
	Line    *stage.Line
	Tracked *engine.Package
	Fetch   *stage.Fetch
	Stored  *storage.Change
	Failure *stage.Failure
}

func tellActs(acts []stage.Act) []toldAct {
	told := make([]toldAct, len(acts))
	for i := range acts {
		told[i] = toldAct{acts[i].Line, acts[i].Tracked, acts[i].Fetch, acts[i].Stored, acts[i].Failure}
	}
	return told
}

func actsOf(told []toldAct, secrets *instance.Secrets) []stage.Act {
	acts := make([]stage.Act, len(told))
	for i := range told {
		a := &told[i]
		acts[i] = stage.Act{Line: a.Line, Tracked: a.Tracked, Fetch: a.Fetch, Stored: a.Stored, Failure: a.Failure, Secrets: secrets}
	}
	return acts
}

// What a replay asks the host: for responses, or to take what came of one.
const (
	askNext = 'n'
	askEach = 'e'
)

// replayAway is a replay in a process of its own.
func replayAway(ctx context.Context, cfg *ReplayConfig, each func(*Replayed) error) (summary ReplaySummary, err error) {
	request := replayRequest{Setup: cfg.setup(), Name: cfg.Name, Against: cfg.Against, Stored: cfg.Stored}
	if cfg.Sources != nil {
		if request.Sources, err = cfg.Sources.Values(); err != nil {
			return summary, fmt.Errorf("replay: %w", err)
		}
	}
	granted := cfg.Plugins[cfg.Name]
	secrets := granted.Secrets()
	var told bytes.Buffer
	decoder := gob.NewDecoder(&told)
	var inHand []string // the ids of the responses that were handed over and of which nothing came yet
	summary, err = away[ReplaySummary](ctx, &cfg.Config, replayErrand, &request, []string{request.Setup.Dir}, func(asked []byte) ([]byte, error) {
		if len(asked) > 0 && asked[0] == askNext {
			responses, err := cfg.Responses(ctx)
			for i := range responses {
				inHand = append(inHand, responses[i].Package.ID)
			}
			return wire.AppendResponses(nil, responses), err
		}
		if len(asked) == 0 || asked[0] != askEach {
			return nil, wire.ErrFrame
		}
		told.Write(asked[1:])
		var p toldReplayed
		if err := decoder.Decode(&p); err != nil {
			return nil, fmt.Errorf("replay: read what the worker process says: %w", err)
		}
		if p.Response.Seq > 0 && len(inHand) > 0 { // not that of the top level
			inHand = inHand[1:]
		}
		return nil, each(&Replayed{
			Response: p.Response, Version: p.Version, Verdict: p.Verdict, Live: actsOf(p.Live, secrets), Edited: actsOf(p.Edited, secrets),
		})
	})
	if ended, ok := errors.AsType[*wall.EndedError](err); ok && len(inHand) > 0 {
		err = fmt.Errorf("replay of the response of package %s: %w", inHand[0], ended)
	}
	return summary, err
}

func runReplay(ctx context.Context, r *replayRequest, ask asker) (ReplaySummary, error) {
	own := r.Setup.config()
	cfg := replay.Config{Settings: own.settings(), Name: r.Name, Against: r.Against, Stored: r.Stored}
	if r.Sources != nil {
		var err error
		if cfg.Sources, err = ReadSources(r.Sources); err != nil {
			return ReplaySummary{}, err
		}
	}
	cfg.Responses = func(context.Context) ([]engine.Response, error) {
		answer, err := ask([]byte{askNext})
		if err != nil {
			return nil, err
		}
		f := wire.NewFields(answer)
		responses := f.Responses()
		return responses, f.End()
	}
	var telling bytes.Buffer
	encoder := gob.NewEncoder(&telling)
	return replay.Run(ctx, cfg, func(p *Replayed) error {
		telling.Reset()
		telling.WriteByte(askEach)
		if err := encoder.Encode(&toldReplayed{p.Response, p.Version, p.Verdict, tellActs(p.Live), tellActs(p.Edited)}); err != nil {
			return err
		}
		_, err := ask(telling.Bytes())
		return err
	})
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/scripting"
)

// defaultReplay is how many responses a replay takes when it is not told which.
const defaultReplay = 1000

// pluginReplay is one call of `plugin replay`.
type pluginReplay struct {
	cfg    config
	path   string // of the configuration file
	target client
	name   string
	pick   pastFilter

	against    string
	withStored bool // localStorage begins with what the plugin has stored
	all        bool
	json       bool
	exitCode   bool
	dry        bool
	yes        bool

	in  io.Reader
	out io.Writer
}

// pastFilter says which responses are replayed.
type pastFilter struct {
	since                             string
	from, to                          uint64
	last                              int
	outcomes, eventTokens, kinds, ids []string
}

func newPluginReplay() *cobra.Command {
	r := pluginReplay{cfg: defaultConfig()}
	cmd := &cobra.Command{
		Use:   "replay NAME",
		Short: "Run the script on disk on recorded answers, beside the version that handled them",
		Long: "Run the script on disk on answers that a host has recorded, and beside it the version that handled each of them,\n" +
			"and print what the edit changes: console lines, what would be tracked and fetched, errors.\n\n" +
			"Nothing is sent, fetched or stored: both versions run apart from the host, in the time of the answers, with the\n" +
			"same Math.random, and every fetch is answered with 200 and {}. Both begin afresh with the first answer, and what\n" +
			"they get says replay: true. The answers come from the running host, or from its data folder when none runs.\n\n" +
			"--dry-run=false then queues what the script on disk tracks and the other version did not, after asking. Doing so\n" +
			"again queues nothing twice.\n\n" +
			fmt.Sprintf("Without a selection the latest %d answers are taken. The exit code is 0, with --exit-code 1 when anything differs.", defaultReplay),
		Example: "  trackhook plugin replay daily --since 1h\n  trackhook plugin replay daily --outcome rejected --last 50 --all\n" +
			"  trackhook plugin replay daily --id 01a209246b46fba5dfcd04974f47ea7f --against 438bdc77",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if r.path == "" {
				r.path = os.Getenv("TRACKHOOK_CONFIG")
			}
			if err := r.cfg.load(r.path, cmd.Flags(), os.LookupEnv); err != nil {
				return err
			}
			if err := r.cfg.check(); err != nil {
				return usageError{fmt.Errorf("configuration: %w", err)}
			}
			r.name, r.in, r.out = args[0], cmd.InOrStdin(), cmd.OutOrStdout()
			return r.do(cmd.Context(), cmd.Flags())
		},
	}
	set := cmd.Flags()
	set.StringVar(&r.path, "config", "", "configuration file in YAML")
	r.target.flags(set)
	set.StringVar(&r.pick.since, "since", "", "answers of the last 1h, 2d ..., or since a time such as 2026-05-01T12:00:00Z")
	set.Uint64Var(&r.pick.from, "from", 0, "answers from this number in the log")
	set.Uint64Var(&r.pick.to, "to", 0, "answers up to this number")
	set.IntVar(&r.pick.last, "last", 0, fmt.Sprintf("the latest of those selected (default %d when nothing is selected)", defaultReplay))
	set.StringSliceVar(&r.pick.outcomes, "outcome", nil, "answers of these outcomes, such as rejected,retry")
	set.StringSliceVar(&r.pick.eventTokens, "event-token", nil, "answers to these events")
	set.StringSliceVar(&r.pick.kinds, "kind", nil, "session or event")
	set.StringSliceVar(&r.pick.ids, "id", nil, "answers to the packages of these ids")
	set.StringVar(&r.against, "against", "", "compare with this version instead of those that handled the answers")
	set.BoolVar(&r.withStored, "stored", false, "begin with a copy of what the plugin has in localStorage now, and not empty")
	set.BoolVar(&r.all, "all", false, "show also what is the same")
	set.BoolVar(&r.json, "json", false, "print a line of JSON for each answer, and one for the sum")
	set.BoolVar(&r.exitCode, "exit-code", false, "end with 1 when anything differs")
	set.BoolVar(&r.dry, "dry-run", true, "touch nothing")
	set.BoolVar(&r.yes, "yes", false, "with --dry-run=false: do not ask")
	r.cfg.flags(set)
	return cmd
}

func (r *pluginReplay) do(ctx context.Context, set *pflag.FlagSet) (err error) {
	wanted, err := r.pick.compile(time.Now())
	if err != nil {
		return usageError{err}
	}
	source, err := r.open(ctx, set)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.close()) }()
	responses, err := wanted.read(ctx, source)
	if err != nil {
		return err
	}
	values, err := source.sources(ctx, r.name)
	if err != nil {
		return err
	}
	sources, err := scripting.ReadSources(values)
	if err != nil {
		return err
	}
	cfg := scripting.ReplayConfig{Config: checkConfig(&r.cfg), Name: r.name, Sources: sources, Against: r.against}
	cfg.Dir = r.cfg.Plugins
	source.adapt(&cfg.Config)
	if r.withStored {
		if cfg.Stored, err = source.stored(ctx, r.name); err != nil {
			return err
		}
	}
	cfg.Responses = func(context.Context) ([]engine.Response, error) {
		batch := responses
		responses = nil
		return batch, nil
	}
	var fresh []engine.Package
	printer := &replayPrinter{out: bufio.NewWriter(r.out), color: !r.json && colored(r.out), all: r.all, json: r.json, count: len(responses)}
	printer.begin(r.name, source.String())
	summary, err := scripting.Replay(ctx, cfg, func(p *scripting.Replayed) error {
		fresh = append(fresh, p.NewlyTracked(r.name)...)
		return printer.one(p)
	})
	if err != nil {
		_ = printer.out.Flush() // the error is what matters
		return replayProblem(err)
	}
	if err := printer.sum(&summary); err != nil {
		return err
	}
	if !r.dry {
		if err := r.queue(ctx, source, fresh); err != nil {
			return err
		}
	}
	if differs := summary.Responses - summary.Verdicts[scripting.Same] - summary.Verdicts[scripting.Unknown]; r.exitCode && differs > 0 {
		return silentError{errors.New("the versions differ")}
	}
	return nil
}

// replayProblem shows the line of a script that cannot be loaded.
func replayProblem(err error) error {
	if script, ok := errors.AsType[*scripting.ScriptError](err); ok {
		return fmt.Errorf("the script on disk cannot be loaded: %s", script.Detail())
	}
	if _, unknown := errors.AsType[*scripting.UnknownPluginError](err); unknown {
		return usageError{err}
	}
	return err
}

// open finds where the answers are: at the running host, or in its data folder.
func (r *pluginReplay) open(ctx context.Context, set *pflag.FlagSet) (replaySource, error) {
	if !set.Changed("data") || set.Changed("host") {
		running := &hostSource{client: &r.target}
		err := running.ask(ctx)
		if err == nil {
			return running, nil
		}
		if !errors.Is(err, admin.ErrNoHost) || set.Changed("host") {
			return nil, err
		}
	}
	return openStore(&r.cfg)
}

// queue sends what is new, once a person has agreed.
func (r *pluginReplay) queue(ctx context.Context, source replaySource, fresh []engine.Package) error {
	out := r.out
	if r.json {
		out = os.Stderr
	}
	if len(fresh) == 0 {
		fmt.Fprintln(out, "nothing to queue: the script on disk tracks nothing that was not tracked before")
		return nil
	}
	if !r.yes {
		fmt.Fprintf(out, "queue %s that the script on disk tracks and the other version did not, at %s? [y/N] ", number(len(fresh), "package"), source)
		answer, err := bufio.NewReader(r.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the answer: %w", err)
		}
		if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
			fmt.Fprintln(out, "nothing was queued")
			return silentError{errors.New("not confirmed")}
		}
	}
	if err := source.track(ctx, fresh); err != nil {
		return err
	}
	fmt.Fprintf(out, "queued %s; what an earlier replay has queued was not queued again\n", number(len(fresh), "package"))
	return nil
}

// wanted is a pastFilter that was understood.
type wanted struct {
	since    time.Time
	from, to uint64
	last     int
	match    func(*engine.Response) bool
}

func (s *pastFilter) compile(now time.Time) (*wanted, error) {
	w := &wanted{from: s.from, to: s.to, last: s.last}
	if s.last < 0 {
		return nil, errors.New("--last must not be negative")
	}
	if s.since == "" && s.from == 0 && s.to == 0 && len(s.ids) == 0 && s.last == 0 {
		w.last = defaultReplay
	}
	if s.since != "" {
		if d, err := scripting.ParseDuration(s.since); err == nil {
			w.since = now.Add(-d)
		} else if w.since, err = time.Parse(time.RFC3339, s.since); err != nil {
			return nil, fmt.Errorf("--since %q: give a duration such as 1h or 2d, or a time such as 2026-05-01T12:00:00Z", s.since)
		}
	}
	var outcomes []engine.Outcome
	for _, name := range s.outcomes {
		var outcome engine.Outcome
		if err := outcome.UnmarshalText([]byte(name)); err != nil {
			return nil, fmt.Errorf("--outcome: %w; there are %s", err, outcomeNames())
		}
		outcomes = append(outcomes, outcome)
	}
	for _, kind := range s.kinds {
		if !engine.Kind(kind).Known() {
			return nil, fmt.Errorf("--kind %q is not one of session, event, ad_revenue, gdpr_forget_device", kind)
		}
	}
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	w.match = func(r *engine.Response) bool {
		return !r.Repeat && r.Outcome != engine.Dropped && (len(outcomes) == 0 || slices.Contains(outcomes, r.Outcome)) &&
			in(s.eventTokens, r.Package.Params["event_token"]) && in(s.kinds, string(r.Package.Kind)) && in(s.ids, r.Package.ID) &&
			!r.At.Before(w.since)
	}
	return w, nil
}

func outcomeNames() string {
	var names []string
	for _, outcome := range engine.Outcomes() {
		names = append(names, outcome.String())
	}
	return strings.Join(names, ", ")
}

// read returns the responses that are meant, in order. For the latest of them it looks from the end of the log
// backwards, in growing pieces.
func (w *wanted) read(ctx context.Context, source replaySource) ([]engine.Response, error) {
	end, err := source.last(ctx)
	if err != nil {
		return nil, err
	}
	if w.to > 0 {
		end = min(end, w.to)
	}
	begin := uint64(0)
	if w.from > 0 {
		begin = w.from - 1
	}
	if w.last == 0 {
		return w.between(ctx, source, begin, end)
	}
	for size := uint64(max(1024, 2*w.last)); ; size *= 4 { //nolint:gosec // last is not negative
		start := begin
		if end > size && end-size > begin {
			start = end - size
		}
		found, err := w.between(ctx, source, start, end)
		if err != nil {
			return nil, err
		}
		if len(found) >= w.last || start == begin {
			return found[max(0, len(found)-w.last):], nil
		}
	}
}

// between reads the log behind after, up to end.
func (w *wanted) between(ctx context.Context, source replaySource, after, end uint64) ([]engine.Response, error) {
	var found []engine.Response
	for after < end {
		batch, next, err := source.responses(ctx, after, 500)
		if err != nil {
			return nil, err
		}
		for i := range batch {
			if batch[i].Seq <= end && w.match(&batch[i]) {
				found = append(found, batch[i])
			}
		}
		if next <= after {
			break
		}
		after = next
	}
	return found, nil
}

package replay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/scripting"
)

// request is `trackhook plugin replay` as typed.
type request struct {
	cfg    config.Config
	worker []string // the command line of a worker process; nil: there is none
	target command.Client
	name   string
	which  answerFlags

	against    string
	withStored bool
	all        bool
	json       bool
	exitCode   bool
	dry        bool
	yes        bool

	in  io.Reader
	out io.Writer
}

// Command makes `trackhook plugin replay`. worker is the command line of the process that it runs in; nil: in this one.
func Command(worker []string) *cobra.Command {
	r := request{worker: worker}
	var flags *config.Flags
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
			fmt.Sprintf("Without a selection the latest %d answers are taken. The exit code is 0, with --exit-code 1 when anything differs.", defaultLast),
		Example: "  trackhook plugin replay daily --since 1h\n  trackhook plugin replay daily --outcome rejected --last 50 --all\n" +
			"  trackhook plugin replay daily --id 01a209246b46fba5dfcd04974f47ea7f --against 438bdc77",
		Args: command.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if r.cfg, err = command.LoadSettings(cmd, flags); err != nil {
				return err
			}
			r.name, r.in, r.out = args[0], cmd.InOrStdin(), cmd.OutOrStdout()
			return r.do(cmd.Context(), cmd.Flags())
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML")
	r.flags(cmd.Flags())
	return cmd
}

func (r *request) flags(set *pflag.FlagSet) {
	r.target.Flags(set)
	r.which.flags(set)
	set.StringVar(&r.against, "against", "", "compare with this version instead of those that handled the answers")
	set.BoolVar(&r.withStored, "stored", false, "begin with a copy of what the plugin has in localStorage now, and not empty")
	set.BoolVar(&r.all, "all", false, "show also what is the same")
	set.BoolVar(&r.json, "json", false, "print a line of JSON for each answer, and one for the sum")
	set.BoolVar(&r.exitCode, "exit-code", false, "end with 1 when anything differs")
	set.BoolVar(&r.dry, "dry-run", true, "touch nothing")
	set.BoolVar(&r.yes, "yes", false, "with --dry-run=false: do not ask")
}

func (r *request) do(ctx context.Context, set *pflag.FlagSet) (err error) {
	filter, err := r.which.compile(time.Now())
	if err != nil {
		return command.Usage(err)
	}
	source, err := r.open(ctx, set)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.close()) }()
	responses, err := filter.read(ctx, source)
	if err != nil {
		return err
	}
	cfg, err := r.replayConfig(ctx, source, responses)
	if err != nil {
		return err
	}
	printed := &printer{out: bufio.NewWriter(r.out), color: !r.json && terminal.Colored(r.out), all: r.all, json: r.json, count: len(responses)}
	printed.begin(r.name, source.String())
	var fresh []engine.Package
	summary, err := scripting.Replay(ctx, cfg, func(p *scripting.Replayed) error {
		fresh = append(fresh, p.NewlyTracked(r.name)...)
		return printed.one(p)
	})
	if err != nil {
		_ = printed.out.Flush() // the error is what matters
		return problemOf(err)
	}
	if err := printed.sum(&summary); err != nil {
		return err
	}
	if !r.dry {
		if err := r.queue(ctx, source, fresh); err != nil {
			return err
		}
	}
	if differ := summary.Responses - summary.Verdicts[scripting.Same] - summary.Verdicts[scripting.Unknown]; r.exitCode && differ > 0 {
		return command.Silent(errors.New("the versions differ"))
	}
	return nil
}

// replayConfig is what the replay of responses works with: what the source has kept of the plugin, and what the host has.
func (r *request) replayConfig(ctx context.Context, source answerSource, responses []engine.Response) (scripting.ReplayConfig, error) {
	cfg := scripting.ReplayConfig{Config: command.ScriptConfig(&r.cfg, r.worker), Name: r.name, Against: r.against}
	values, err := source.sources(ctx, r.name)
	if err != nil {
		return cfg, err
	}
	if cfg.Sources, err = scripting.ReadSources(values); err != nil {
		return cfg, err
	}
	source.adapt(&cfg.Config)
	if r.withStored {
		if cfg.Stored, err = source.stored(ctx, r.name); err != nil {
			return cfg, err
		}
	}
	cfg.Responses = func(context.Context) ([]engine.Response, error) {
		batch := responses
		responses = nil
		return batch, nil
	}
	return cfg, nil
}

// problemOf shows the line of a script that cannot be loaded.
func problemOf(err error) error {
	if script, ok := errors.AsType[*scripting.ScriptError](err); ok {
		return fmt.Errorf("the script on disk cannot be loaded: %s", script.Detail())
	}
	if _, unknown := errors.AsType[*scripting.UnknownPluginError](err); unknown {
		return command.Usage(err)
	}
	return err
}

// open finds where the answers are: at the running host, or in its data folder.
func (r *request) open(ctx context.Context, set *pflag.FlagSet) (answerSource, error) {
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
func (r *request) queue(ctx context.Context, source answerSource, fresh []engine.Package) error {
	out := r.out
	if r.json {
		out = os.Stderr
	}
	if len(fresh) == 0 {
		fmt.Fprintln(out, "nothing to queue: the script on disk tracks nothing that was not tracked before")
		return nil
	}
	if !r.yes {
		question := fmt.Sprintf("queue %s that the script on disk tracks and the other version did not, at %s?", terminal.Number(len(fresh), "package"), source)
		if goOn, err := command.Ask(r.in, out, question, "nothing was queued"); !goOn || err != nil {
			return err
		}
	}
	if err := source.track(ctx, fresh); err != nil {
		return err
	}
	fmt.Fprintf(out, "queued %s; what an earlier replay has queued was not queued again\n", terminal.Number(len(fresh), "package"))
	return nil
}

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/admin"
)

// usageError is a mistake of the person who typed the command; the exit code is 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// silentError is an error that has been reported already.
type silentError struct{ error }

func (e silentError) Unwrap() error { return e.error }

// isUsage tells mistakes in the command line and in the configuration from failures.
func isUsage(err error) bool {
	_, usage := errors.AsType[usageError](err)
	_, mistake := errors.AsType[*config.Error](err)
	return usage || mistake || errors.Is(err, admin.ErrAddress)
}

// usage wraps the checks of arguments, so that they count as usage errors.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil {
			return nil
		}
		_, takes, some := strings.Cut(cmd.Use, " ")
		switch {
		case !some:
			return usageError{fmt.Errorf("%s takes no argument, and %q is one; see `%s --help`", cmd.Name(), args[0], cmd.CommandPath())}
		case len(args) == 0:
			return usageError{fmt.Errorf("%s needs %s; see `%s --help`", cmd.Name(), takes, cmd.CommandPath())}
		default:
			return usageError{fmt.Errorf("%s takes %s, and %d were given; see `%s --help`", cmd.Name(), takes, len(args), cmd.CommandPath())}
		}
	}
}

// flagError says what is wrong with a flag, in words instead of Go's.
func flagError(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		flag := wrong.GetFlag()
		return usageError{fmt.Errorf("--%s: %q must be %s; see `%s --help`", flag.Name, wrong.GetValue(), config.ValueWords(flag.Value.Type()), cmd.CommandPath())}
	}
	return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
}

// newGroup makes a command that does nothing itself: without an argument it prints its help.
func newGroup(name, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:                        name,
		Short:                      short,
		SuggestionsMinimumDistance: 2,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			meant := ""
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				meant = "; did you mean " + strings.Join(near, " or ") + "?"
			}
			return usageError{fmt.Errorf("unknown command %q%s; see `%s --help`", args[0], meant, cmd.CommandPath())}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

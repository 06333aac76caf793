package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/admin"
)

// usageError is a mistake of the person who typed the command.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usage makes err a mistake of the person who typed the command, for which the exit code is 2. Its text stays.
func Usage(err error) error { return usageError{err} }

// silentError is an error that has been reported already.
type silentError struct{ error }

func (e silentError) Unwrap() error { return e.error }

// Silent makes err one that has been reported already: it ends the command, and nothing more is said.
func Silent(err error) error { return silentError{err} }

// IsSilent tells whether err has been reported already.
func IsSilent(err error) bool {
	_, silent := errors.AsType[silentError](err)
	return silent
}

// IsUsage tells mistakes in the command line and in the configuration from failures.
func IsUsage(err error) bool {
	_, usage := errors.AsType[usageError](err)
	_, mistake := errors.AsType[*config.Error](err)
	return usage || mistake || errors.Is(err, admin.ErrAddress)
}

// Args wraps the checks of arguments, so that they count as mistakes in the command line, and are told in words.
func Args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil {
			return nil
		}
		_, takes, some := strings.Cut(cmd.Use, " ")
		switch {
		case !some:
			return Usage(fmt.Errorf("%s takes no argument, and %q is one; see `%s --help`", cmd.Name(), args[0], cmd.CommandPath()))
		case len(args) == 0:
			return Usage(fmt.Errorf("%s needs %s; see `%s --help`", cmd.Name(), takes, cmd.CommandPath()))
		default:
			return Usage(fmt.Errorf("%s takes %s, and %d were given; see `%s --help`", cmd.Name(), takes, len(args), cmd.CommandPath()))
		}
	}
}

// FlagError says what is wrong with a flag, in words instead of Go's.
func FlagError(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		flag := wrong.GetFlag()
		return Usage(fmt.Errorf("--%s: %q must be %s; see `%s --help`", flag.Name, wrong.GetValue(), config.ValueWords(flag.Value.Type()), cmd.CommandPath()))
	}
	return Usage(fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath()))
}

// Group makes a command that does nothing itself: without an argument it prints its help.
func Group(name, short string, commands ...*cobra.Command) *cobra.Command {
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
			return Usage(fmt.Errorf("unknown command %q%s; see `%s --help`", args[0], meant, cmd.CommandPath()))
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

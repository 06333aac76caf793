package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
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
	return usage || mistake
}

// usage wraps the checks of arguments, so that they count as usage errors.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
		}
		return nil
	}
}

// newGroup makes a command that does nothing itself: without an argument it prints its help.
func newGroup(name, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return usageError{fmt.Errorf("unknown command %q; see `trackhook --help`", args[0])}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// confirm is what commands that destroy something are told about asking, as typed.
type confirm struct{ yes, dry bool }

func (c *confirm) flags(set *pflag.FlagSet) {
	set.BoolVar(&c.yes, "yes", false, "do not ask; needed where nobody can be asked, as in a script")
	set.BoolVar(&c.dry, "dry-run", false, "say what would be done, and do nothing")
}

// agreed tells whether to go on: it was said beforehand, or a person at the terminal says so now. what is the deed, such as
// "drop 3 packages for ever". An error ends the command.
func (c *confirm) agreed(cmd *cobra.Command, what string) (bool, error) {
	switch {
	case c.dry:
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "would %s; nothing was done\n", visible(what))
		return false, err
	case c.yes:
		return true, nil
	case !isTerminal(cmd.InOrStdin()):
		return false, usageError{fmt.Errorf("this would %s, and nobody can be asked here; say --yes to do it, or --dry-run to see what it would do", what)}
	}
	return ask(cmd.InOrStdin(), cmd.ErrOrStderr(), what+"?", "nothing was done")
}

// ask asks a person. Anything but yes is a no, which ends the command with 1, after the words of no.
func ask(in io.Reader, out io.Writer, question, no string) (bool, error) {
	fmt.Fprintf(out, "%s [y/N] ", visible(question))
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read the answer: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		fmt.Fprintln(out, no)
		return false, silentError{errors.New("not confirmed")}
	}
	return true, nil
}

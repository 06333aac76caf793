package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/terminal"
)

// Confirm is what commands that destroy something are told about asking, as typed.
type Confirm struct {
	// Yes is that nobody is asked, and DryRun that nothing is done.
	Yes, DryRun bool
}

// Flags adds --yes and --dry-run.
func (c *Confirm) Flags(set *pflag.FlagSet) {
	set.BoolVar(&c.Yes, "yes", false, "do not ask; needed where nobody can be asked, as in a script")
	set.BoolVar(&c.DryRun, "dry-run", false, "say what would be done, and do nothing")
}

// Agreed tells whether to go on: it was said beforehand, or a person at the terminal says so now. what is the deed, such as
// "drop 3 packages for ever". An error ends the command.
func (c *Confirm) Agreed(cmd *cobra.Command, what string) (bool, error) {
	switch {
	case c.DryRun:
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "would %s; nothing was done\n", terminal.Visible(what))
		return false, err
	case c.Yes:
		return true, nil
	case !terminal.IsTerminal(cmd.InOrStdin()):
		return false, Usage(fmt.Errorf("this would %s, and nobody can be asked here; say --yes to do it, or --dry-run to see what it would do", what))
	}
	return Ask(cmd.InOrStdin(), cmd.ErrOrStderr(), what+"?", "nothing was done")
}

// Ask asks a person. Anything but yes is a no, which ends the command with 1, after the words of no.
func Ask(in io.Reader, out io.Writer, question, no string) (bool, error) {
	fmt.Fprintf(out, "%s [y/N] ", terminal.Visible(question))
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read the answer: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		fmt.Fprintln(out, no)
		return false, Silent(errors.New("not confirmed"))
	}
	return true, nil
}

package command

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
)

// LoadSettings reads the configuration of a command, and says on stderr which variables set nothing.
func LoadSettings(cmd *cobra.Command, flags *config.Flags) (config.Config, error) {
	cfg, err := flags.Load(os.LookupEnv)
	if err != nil {
		return cfg, err
	}
	for _, warning := range flags.Warnings(os.Environ()) {
		fmt.Fprintln(cmd.ErrOrStderr(), "trackhook: warning:", terminal.Visible(warning))
	}
	return cfg, nil
}

package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
)

// loadSettings reads the configuration of a command, and says on stderr which variables set nothing.
func loadSettings(cmd *cobra.Command, flags *config.Flags) (config.Config, error) {
	cfg, err := flags.Load(os.LookupEnv)
	if err != nil {
		return cfg, err
	}
	for _, warning := range flags.Warnings(os.Environ()) {
		fmt.Fprintln(cmd.ErrOrStderr(), "trackhook: warning:", visible(warning))
	}
	return cfg, nil
}

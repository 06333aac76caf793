package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/disk"
)

func newStoreVerify() *cobra.Command {
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read everything in a data folder and say what is damaged",
		Long: "Read everything in a data folder and say what is damaged, what does not fit together and what is lost. It\n" +
			"changes nothing. The host must be stopped. The exit code is 1 when something is wrong.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := storeConfig(flags)
			if err != nil {
				return err
			}
			report, err := disk.Verify(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			if err := printFound(cmd.OutOrStdout(), report); err != nil {
				return err
			}
			if !report.Damaged() {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "nothing is damaged")
				return err
			}
			return errors.New("the store is damaged; `trackhook store repair --to DIR` makes a new one of all that can be read")
		},
	}
	flags = bindStore(cmd.Flags())
	return cmd
}

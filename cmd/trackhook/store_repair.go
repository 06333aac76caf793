package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/disk"
)

func newStoreRepair() *cobra.Command {
	var flags *config.Flags
	var to string
	cmd := &cobra.Command{
		Use:   "repair --to DIR",
		Short: "Make a new data folder of all that can be read of a damaged one",
		Long: "Make a new data folder of all that can be read of a damaged one, which stays as it is, and say what is lost.\n" +
			"The host must be stopped. Each package that is lost leaves a response in the log of the new folder, as far as\n" +
			"anything still says that it was there; answers that are lost are not heard by scripts.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return command.Usage(errors.New("name the new folder with --to"))
			}
			cfg, err := storeConfig(flags)
			if err != nil {
				return err
			}
			report, err := disk.Repair(cmd.Context(), cfg, to)
			if err != nil {
				return err
			}
			if err := printFound(cmd.OutOrStdout(), report); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s holds all that can be read; move %s away and the new one in its place, or start with --data\n",
				terminal.OneLine(terminal.Shorter(to)), terminal.OneLine(terminal.Shorter(cfg.Dir)))
			return err
		},
	}
	flags = bindStore(cmd.Flags())
	cmd.Flags().StringVar(&to, "to", "", "folder to make; it must not exist yet, or be empty")
	return cmd
}

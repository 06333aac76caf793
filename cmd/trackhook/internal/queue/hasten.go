package queue

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

func newHasten() *cobra.Command {
	var (
		target command.Client
		lane   admin.LaneName
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "hasten --device KIND=ID",
		Short: "Try a device now instead of later",
		Long: "Try a device now whose next package waits for a later time, or for a session of the device, where you know that the\n" +
			"server has learned of it by other means. Its packages keep their order. What keeps the whole app from being sent keeps\n" +
			"this device, too: see `trackhook app probe` and `trackhook endpoint probe`.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if lane.Device == "" {
				return command.Usage(errors.New("say with --device which one, as `trackhook queue list` names it"))
			}
			hastened, err := target.Admin().HastenLane(cmd.Context(), lane)
			if err != nil {
				return err
			}
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), hastened)
			}
			return printHastened(cmd.OutOrStdout(), &hastened)
		},
	}
	target.Flags(cmd.Flags())
	cmd.Flags().StringVar(&lane.Device, "device", "", "the device, KIND=ID")
	cmd.Flags().StringVar(&lane.AppToken, "app-token", "", "its app, where the host has several")
	cmd.Flags().StringVar(&lane.Environment, "environment", "", "sandbox or production, where the app has both")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printHastened(out io.Writer, h *admin.Hastened) error {
	what := "due already, nothing to hasten"
	switch {
	case h.Hastened && h.Lane.HaltedBy != "":
		what = "due now, and goes out as soon as its app is sent"
	case h.Hastened:
		what = "tried now"
	case h.Lane.Leased:
		what = "being sent just now, nothing to hasten"
	}
	if _, err := fmt.Fprintf(out, "%s: %s\n", terminal.OneLine(h.Lane.Device), what); err != nil || h.Lane.HaltedBy == "" {
		return err
	}
	_, err := fmt.Fprintf(out, "app %s (%s) is not sent: %s\n", terminal.OneLine(h.Lane.AppToken), terminal.OneLine(string(h.Lane.Environment)), terminal.OneLine(h.Lane.HaltedBy))
	return err
}

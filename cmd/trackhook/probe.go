package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

func newApp() *cobra.Command {
	return command.Group("app", "Have an app tried again now", newAppProbe())
}

func newEndpoint() *cobra.Command {
	return command.Group("endpoint", "Have a server tried again now", newEndpointProbe())
}

func newAppProbe() *cobra.Command {
	var target command.Client
	var app admin.ProbedApp
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "probe [APP_TOKEN]",
		Short: "Try an app now instead of later, when you have mended what was wrong",
		Long: "Try an app now instead of later, when you have mended what was wrong: a token that the server refused, an app that was\n" +
			"inactive. A blocked app is probed at once, and so is its server if that is held to be down. All its devices that wait\n" +
			"for a later time (at most 10,000) are due now, and come out with a gentle start: one attempt at a time, then more. Packages\n" +
			"of one device keep their order, and what waits for a session of its device goes on waiting.\n\n" +
			"The command says what came of the first attempt. The exit code is 0 when the server takes the app, or nothing waits.\n" +
			"The token may be left out where the host has one app.",
		Args: command.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				app.AppToken = args[0]
			}
			probed, err := target.Admin().ProbeApp(cmd.Context(), app)
			if err != nil {
				return err
			}
			return printProbe(cmd.OutOrStdout(), &probed, asJSON)
		},
	}
	target.Flags(cmd.Flags())
	cmd.Flags().StringVar(&app.Environment, "environment", "", "sandbox or production, where the app has both")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newEndpointProbe() *cobra.Command {
	var target command.Client
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "probe [ENDPOINT]",
		Short: "Try a server now instead of later, when it is up or the network is back",
		Long: "Try a server now instead of later, when it is up or the network is back. If it is held to be down, it is probed at once,\n" +
			"and all devices that wait for a later time with packages for it (at most 10,000 of each app) are due now. They come out\n" +
			"with a gentle start: one attempt at a time, then more. Apps that the server refuses wait on: see `trackhook app probe`. Apps\n" +
			"that send only their erasure requests to it go on with all else at their usual speed, and what of theirs waited for a later\n" +
			"time is due now, too, wherever it goes.\n\n" +
			"The server is named as `trackhook health` does, with or without its scheme; no name is needed where the host sends to one\n" +
			"only. The command says what came of the first attempt. The exit code is 0 when the server takes or refuses an app, or\n" +
			"nothing waits; it is 1 for any other answer, such as \"too many requests\", because nothing is taken yet then.",
		Args: command.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			probed, err := target.Admin().ProbeEndpoint(cmd.Context(), name)
			if err != nil {
				return err
			}
			return printProbe(cmd.OutOrStdout(), &probed, asJSON)
		},
	}
	target.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printProbe prints what came of a probe, and fails when that was not what was hoped for.
func printProbe(out io.Writer, probed *admin.Probe, asJSON bool) error {
	if asJSON {
		if err := terminal.JSON(out, probed); err != nil {
			return err
		}
	} else {
		what := "endpoint " + probed.Endpoint
		if probed.AppToken != "" {
			what = "app " + probed.AppToken + " (" + probed.Environment + ")"
		}
		fmt.Fprintln(out, terminal.Visible(what)+": "+probeText(probed))
		if probed.Hastened > 0 {
			fmt.Fprintf(out, "%s that waited for a later time: due now\n", terminal.Number(probed.Hastened, "device"))
		}
	}
	answered := probed.Endpoint != "" && probed.Result == admin.ProbeRefused
	if answered || probed.Result == admin.ProbeTaken || probed.Result == admin.ProbeIdle {
		return nil
	}
	return command.Silent(errors.New(string(probed.Result)))
}

func probeText(probed *admin.Probe) string {
	said := terminal.OneLine(probed.Message)
	if probed.Status != 0 {
		said = fmt.Sprintf("%s (status %d)", said, probed.Status)
	}
	switch probed.Result {
	case admin.ProbeTaken:
		return "taken, outcome " + terminal.OneLine(probed.Outcome)
	case admin.ProbeRefused:
		text := "the server refuses the app: " + said
		if probed.Again != nil {
			text += "; it is tried again at " + terminal.Stamp(*probed.Again)
		}
		return text
	case admin.ProbeFailed:
		return "nothing is taken yet: " + said + "; it is tried again by itself"
	case admin.ProbeIdle:
		return "nothing to try: nothing is queued, or it waits for a session of its device"
	case admin.ProbePending:
		return "no attempt is over yet; `trackhook health` says what goes on"
	default:
		return terminal.OneLine(string(probed.Result))
	}
}

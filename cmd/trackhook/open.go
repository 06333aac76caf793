package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/console"
)

func newOpen() *cobra.Command {
	var target command.Client
	var flags *config.Flags
	var onlyPrint bool
	cmd := &cobra.Command{
		Use:   "open",
		Short: "Open the console of a running host in a browser",
		Long: "Open the console of a running host in a browser, with a link that signs in once, within five minutes. The link is\n" +
			"printed too, and only printed with --print or where there is no terminal or no browser. Whoever has it can use it:\n" +
			"use --print on a machine where others see what you start.\n\n" +
			"The session may do what the token in TRACKHOOK_TOKEN may do. A host without tokens is operated by everybody who uses\n" +
			"its machine; to write scripts takes the key in its data folder, which this command reads where it may. A host without a\n" +
			"data folder, because it shares a database, has no such key: give it tokens, where scripts are to be written.\n\n" +
			"The host is asked at the address that it would listen on with the same configuration, or at --host.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			asked := target.Admin()
			if !target.Named(cmd.Flags()) {
				cfg, err := flags.Load(os.LookupEnv)
				if err != nil {
					return err
				}
				target.Listening(&cfg)
				asked = target.Admin()
				if asked.Token == "" {
					if asked.Token, err = ownersKey(cfg.Data); err != nil {
						fmt.Fprintln(cmd.ErrOrStderr(), "trackhook: warning:", err)
					}
				}
			}
			code, err := asked.NewCode(cmd.Context())
			if err != nil {
				return err
			}
			link := console.Link(target.Base(), code.Code)
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), link); err != nil || onlyPrint || !terminal.IsTerminal(cmd.OutOrStdout()) {
				return err
			}
			return browse(context.WithoutCancel(cmd.Context()), link) // it stays when this command ends
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML, for the address and the data folder of the host")
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Hidden = f.Name != "listen" && f.Name != "config" && f.Name != "data" })
	target.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&onlyPrint, "print", false, "print the link, and open no browser")
	return cmd
}

// ownersKey reads the key that a host without tokens has put into its data folder. Empty: there is none.
func ownersKey(folder string) (string, error) {
	if folder == "" {
		return "", nil
	}
	text, err := os.ReadFile(filepath.Join(folder, host.KeyFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("the key of the host cannot be read, so the link is for reading and operating only: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// browse opens a browser, where the system has a way to.
func browse(ctx context.Context, link string) error {
	name, args := "xdg-open", []string{link}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", link}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil //nolint:nilerr // the link was printed, which is what there is to do then
	}
	if err := exec.CommandContext(ctx, path, args...).Start(); err != nil { //nolint:gosec // the link is ours
		return fmt.Errorf("open a browser: %w", err)
	}
	return nil
}

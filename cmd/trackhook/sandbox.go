package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"trackhook/engine/sandbox"
)

func newSandbox() *cobra.Command {
	listen, logFormat := demoSandbox, "auto"
	return &cobra.Command{Use: "sandbox", RunE: func(cmd *cobra.Command, _ []string) error {
		log, err := newLog(cmd.ErrOrStderr(), logFormat, "info")
		if err != nil {
			return err
		}
		server, err := sandbox.Start(cmd.Context(), listen, sandbox.Config{})
		if err != nil {
			return fmt.Errorf("%w", err)
		}
		log.Info().Str("url", server.URL).Time("at", time.Now()).Msg("sandbox listens")
		<-server.Done()
		return server.Close()
	}}
}

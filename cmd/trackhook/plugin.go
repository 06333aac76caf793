package main

import (
	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/plugintest"
	"trackhook/cmd/trackhook/internal/replay"
)

func newPlugin() *cobra.Command {
	return command.Group("plugin", "See and check scripts",
		newPluginList(), newPluginCheck(), plugintest.Command(), replay.Command(), newPluginForget(), newPluginInit())
}

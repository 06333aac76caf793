package main

import (
	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/plugintest"
	"trackhook/cmd/trackhook/internal/replay"
)

func newPlugin() *cobra.Command {
	worker := workerProcess()
	return command.Group("plugin", "See and check scripts",
		newPluginList(), newPluginCheck(worker), plugintest.Command(worker), replay.Command(worker), newPluginForget(), newPluginInit())
}

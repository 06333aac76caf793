package main

import (
	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
)

func newReport() *cobra.Command {
	return command.Group("report", "Numbers to compare with the dashboard", newReportCounts())
}

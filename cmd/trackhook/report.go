package main

import "github.com/spf13/cobra"

func newReport() *cobra.Command {
	return newGroup("report", "Numbers to compare with the dashboard", newReportCounts())
}

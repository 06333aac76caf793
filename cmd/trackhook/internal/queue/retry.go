package queue

import "github.com/spf13/cobra"

func newRetry() *cobra.Command {
	var b bulk
	cmd := &cobra.Command{
		Use:   "retry [ID...]",
		Short: "Put dead letters back into the queue",
		Long: "Put dead letters back at the end of their lanes: those named, those that the flags select, or --all.\n" +
			"They go back at a bounded rate, so that a server that has just recovered is not run over.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			what, err := b.packages(cmd, ids)
			if err != nil {
				return err
			}
			return runBulk(cmd, b.target.Admin().Retry, what, "put back")
		},
	}
	b.flags(cmd.Flags())
	return cmd
}

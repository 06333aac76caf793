// Package command is what all commands share: mistakes in a command line, groups of commands, questions to a person, the
// settings, and the way to a running host.
//
//	var target command.Client
//	cmd := &cobra.Command{
//		Use: "count", Short: "Count what waits", Args: command.Args(cobra.NoArgs),
//		RunE: func(cmd *cobra.Command, _ []string) error {
//			stats, err := target.Admin().Stats(cmd.Context())
//			...
//		},
//	}
//	target.Flags(cmd.Flags())
//
// An error that [Usage] has made is a mistake of the person who typed, and one of [Silent] needs no more words; the process
// makes its exit code of that.
//
// # Concurrency
//
// Nothing here starts a goroutine. What is made for a command is for the goroutine that runs it.
//
// # Files
//
//   - usage.go: mistakes in a command line, and commands that only group others
//   - settings.go: reading the configuration, for commands that need no logger
//   - scripts.go: what scripts run with beside a host
//   - client.go: how commands reach a running host
//   - confirm.go: asking before something is destroyed
package command

// Package terminal makes results that people and programs can read: JSON, cells of tables, counts, times and colors, and
// nothing in them that steers a terminal.
//
//	fmt.Fprintf(out, "%s of %s, %s\n", terminal.Number(n, "package"), terminal.OneLine(name), terminal.Ago(since))
//	fmt.Fprintln(out, terminal.Paint(terminal.Colored(out), terminal.Red, terminal.Visible(message)))
//
// # Concurrency
//
// Everything may be called by many goroutines at once, as far as what they write to may be.
//
// # Files
//
//   - print.go: JSON, names and counts
//   - color.go: colors, for terminals only
//   - when.go: times and durations
package terminal

// Package diff compares texts by lines, for people.
//
//	for _, line := range diff.Lines([]string{"a", "b"}, []string{"a", "c"}) {
//		fmt.Println(string(line.Op) + line.Text) // " a", "-b", "+c"
//	}
//
// # Files
//
//   - diff.go: all of it
package diff

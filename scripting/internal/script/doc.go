// Package script says what a script is to blame for: an error with the file, the line and the column in the author's own
// text, the offending line, and the calls that led there.
//
//	failure := &script.Error{File: "plugins/count.js", Line: 3, Column: 7, Message: "TypeError: x is not a function"}
//	fmt.Println(failure) // plugins/count.js:3:7: TypeError: x is not a function
//
// It also knows which names of code stand for no file of the author's, so that nobody is sent there. It runs nothing and
// knows no goja.
//
// # Files
//
//   - error.go: [Error], its texts, and the excerpt of a line with a caret below it
//   - frames.go: the names of code that stands in no file, and stacks without it
package script

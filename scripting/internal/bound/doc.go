// Package bound says how deep and how large a text may be that is handed to a parser. The parsers of JavaScript,
// TypeScript and JSON that are used here recurse, Go ends a process whose goroutine outgrows its stack, and nothing can
// catch that: so texts are looked at by scanners that do not recurse, before they are parsed.
//
//	err := bound.Source(text) // JavaScript, TypeScript, JSX or JSON; an *Error says where
//	err = bound.JSON(text)    // the text of JSON.parse
//
// The scanner of source knows tokens and no grammar. It counts what may stand inside of what: brackets, and within a pair
// of brackets the tokens from one end of a statement or list item to the next, because chains such as a ? b : c ? d : e
// nest as deep as they are long. It takes a token of the chain for a step of depth, which is more than any parser makes of
// it. A text that is shorter than the bound is not looked at.
//
// # Files
//
//   - bound.go: the bounds, and what is beyond them
//   - source.go: the scanner of JavaScript and its like
//   - token.go: words, strings, comments and regular expressions
//   - json.go: the scanner of JSON
//   - sourcemap.go: source maps that stand in their files
package bound

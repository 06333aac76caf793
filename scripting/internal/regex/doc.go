// Package regex is regular expressions as ECMAScript defines them, for what goja reads otherwise: property escapes (\p{L}), the
// flags d and v, groups that are repeated, lookbehind, references, letters in both cases, and ends of lines.
//
//	engine := regex.NewEngine() // once for a host
//	err := regex.Install(regex.Options{VM: vm, Engine: engine, Stop: machine.Overdue})
//	re, err := engine.Compile(pattern, "u")
//	ends, err := re.Find(text, 0, false, stop) // where the match and its groups lie
//
// [Install] gives a machine a RegExp that makes goja's own objects of patterns that goja reads right, which [Regexp] tells as
// Simple, and objects that search with this package of all others. Literals in a script's text are the bundler's part: it puts
// a call in the place of those that are not simple. Literals in texts that a script gives to eval stay goja's.
//
// A search goes back step by step, so it may take long. It asks Stop now and then, and what it remembers is bounded.
//
// # Concurrency
//
// An [Engine] and a [Regexp] may be used from many goroutines at once. What Install makes belongs to the machine's goroutine.
//
// # Files
//
//   - engine.go: what is shared, and Compile
//   - parse.go: patterns as they are written
//   - group.go: what stands in parentheses, and names of groups
//   - escape.go: what follows a backslash
//   - class.go: what stands in brackets
//   - tree.go: what a pattern consists of, and which are simple
//   - compile.go: the instructions that it becomes
//   - match.go: the search
//   - set.go: sets of characters
//   - fold.go: letters in both cases
//   - script.go: RegExp for scripts
//   - find.go: exec for scripts
//   - texts.go: methods that take a text for a regular expression
//   - tables.mjs, tables.txt.gz: the sets behind \p{...}, and what makes them
package regex

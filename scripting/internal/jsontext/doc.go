// Package jsontext reads JSON as the text that it is: checked once, and from then on taken apart where somebody looks,
// without being parsed as a whole.
//
//	text, ok := jsontext.Object(body)    // false: no JSON object
//	items := jsontext.NewItems(text)
//	key, raw, more := items.Next()       // `"adid"`, `"9b4a"`, true
//	name, exact := jsontext.Unquote(key) // adid
//
// What [Object] has checked is bounded in depth ([MaxDepth]); everything else here relies on that and checks nothing. It
// knows no goja.
//
// # Files
//
//   - check.go: whether a text is JSON
//   - tape.go: where the members of the object are that was checked last
//   - scan.go: members, elements and strings of checked text
//   - words.go: looking at eight bytes at a time
//   - text.go: broken bytes, array indexes and numbers
package jsontext

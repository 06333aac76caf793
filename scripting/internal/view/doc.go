// Package view makes what listeners are called with, such as event.jsonResponse: responses and JSON text as objects that
// cost nothing until a script touches them, over the Go response and over the bytes of its body. To a script they behave
// as ordinary objects.
//
//	views := view.NewResponses(vm)
//	object := views.Object(&response) // what a listener gets
//
// The order of the documented properties, their names and what stands beside them is decided here. What was handed out is
// never read from text again, so that a change of the script is never lost.
//
// # Concurrency
//
// Everything that is made in a machine belongs to that machine's goroutine.
//
// # Files
//
//   - response.go: a response as an object: reading and changing it
//   - properties.go: which properties it has, in which order; their aliases, and what exceeds the documentation
//   - object.go: a JSON object over its text
//   - texts.go: values of short strings that come again and again
//   - members.go: the properties of an object that was looked into or changed
//   - contents.go: what a view consists of, for printing
//   - lock.go: views that are frozen or sealed
//   - copy.go: views as ordinary objects
package view

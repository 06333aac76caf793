package guard

import "fmt"

// Recover turns a panic of Pebble into an error. It is deferred, with a pointer to the named result, by a function that
// calls Pebble; what begins the error. Without a panic it changes nothing. It cannot help against a panic on a goroutine of
// Pebble's own.
func Recover(what string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: storage panicked: %v", what, p)
	}
}

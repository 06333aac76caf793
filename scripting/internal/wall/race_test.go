//go:build race

package wall_test

// raced tells that the race detector is at work.
const raced = true

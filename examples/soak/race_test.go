//go:build race

package main

// raceEnabled makes tests smaller: the race detector costs a factor of ten.
const raceEnabled = true

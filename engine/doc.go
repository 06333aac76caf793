// Package engine holds the nouns, the rules and the two loops of Trackhook. READ FIRST.
package engine

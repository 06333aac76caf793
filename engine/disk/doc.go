// Package disk is the embedded store.
package disk

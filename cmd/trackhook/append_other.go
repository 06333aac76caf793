//go:build !unix

package main

import "os"

// appendTo would make all writes to a file go to its end.
func appendTo(*os.File) {}

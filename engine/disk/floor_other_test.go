//go:build !linux

package disk_test

import "os"

func syncData(file *os.File) error { return file.Sync() }

//go:build !unix

package postgres_test

import "errors"

func runHost(string, string) error { return errors.New("hosts are stopped by signals") }

func removeProgram() {}

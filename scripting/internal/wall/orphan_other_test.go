//go:build !linux

package wall_test

func stayAsHost(string) {}

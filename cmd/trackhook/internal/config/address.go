package config

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// ListenError says why nothing can listen at the address of a setting, and what to do about it. An address that none can
// be is an [*Error].
func ListenError(setting, address string, err error) error {
	_, badAddress := errors.AsType[*net.AddrError](err)
	_, badName := errors.AsType[*net.DNSError](err)
	_, badPort := errors.AsType[*net.ParseError](err)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s: something listens at %s already; if it is another trackhook, choose another address with --listen", setting, address)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return &Error{fmt.Errorf("%s: this machine does not have the address %s; choose another with --listen", setting, address)}
	case errors.Is(err, syscall.EACCES):
		return &Error{fmt.Errorf("%s: this user may not listen at %s; choose a port from 1024 on with --listen", setting, address)}
	case badAddress, badName, badPort:
		return &Error{fmt.Errorf("%s: %q is no address to listen at; it must be HOST:PORT, such as 127.0.0.1:8787 or [::1]:8787", setting, address)}
	}
	return fmt.Errorf("%s: %w", setting, err)
}

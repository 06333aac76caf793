package main

import (
	"strings"

	"github.com/spf13/pflag"

	"trackhook/engine/admin"
)

// client is how commands reach a running host.
type client struct{ host string }

func (c *client) flags(set *pflag.FlagSet) {
	set.StringVar(&c.host, "host", admin.DefaultURL, "address of the running host; its token is taken from "+envToken)
}

func (c *client) base() string {
	base := strings.TrimSuffix(c.host, "/")
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	return base
}

func (c *client) token() string { return tokenFromEnv() }

func (c *client) admin() *admin.Client { return &admin.Client{BaseURL: c.base(), Token: c.token()} }

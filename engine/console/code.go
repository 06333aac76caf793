package console

import (
	"crypto/rand"
	"sync"
	"time"
)

const (
	// CodeAge is how long a code works that somebody asks for.
	CodeAge = 5 * time.Minute
	// maxCodes bounds the codes that nobody has used yet; the one that ends first gives way to a new one.
	maxCodes = 64
)

// codes are those that nobody has used yet.
type codes struct {
	mu sync.Mutex
	of map[key]code // guarded by mu
}

type code struct {
	grant Grant
	ends  time.Time
}

// Code makes a code that signs in once, within an age, whoever has it.
func (c *Console) Code(grant Grant, age time.Duration) (secret string, ends time.Time) {
	secret, ends = rand.Text(), time.Now().Add(age)
	c.codes.mu.Lock()
	defer c.codes.mu.Unlock()
	if c.codes.of == nil {
		c.codes.of = map[key]code{}
	}
	var first key
	for k, one := range c.codes.of {
		if !time.Now().Before(one.ends) {
			delete(c.codes.of, k)
		} else if earliest, ok := c.codes.of[first]; !ok || one.ends.Before(earliest.ends) {
			first = k
		}
	}
	if len(c.codes.of) >= maxCodes {
		delete(c.codes.of, first)
	}
	c.codes.of[keyOf(secret)] = code{grant: grant, ends: ends}
	return secret, ends
}

// take uses a code up.
func (c *codes) take(secret string) (Grant, bool) {
	k := keyOf(secret)
	c.mu.Lock()
	defer c.mu.Unlock()
	one, ok := c.of[k]
	delete(c.of, k)
	if !ok || !time.Now().Before(one.ends) {
		return Grant{}, false
	}
	return one.grant, true
}

// Link is the address of the page with a code in it. url is that of the host, such as http://127.0.0.1:8787.
func Link(url, code string) string { return url + Path + "#code=" + code }

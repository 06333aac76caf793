package console

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"trackhook/engine/site"
)

// maxSessions bounds the sessions; the one that was not used for longest gives way to a new one.
const maxSessions = 256

// key is what is kept of a secret: who reads the memory of the process cannot use it.
type key [sha256.Size]byte

func keyOf(secret string) key { return sha256.Sum256([]byte(secret)) }

// sessions are those that are signed in.
type sessions struct {
	idle time.Duration
	mu   sync.Mutex
	of   map[key]*session // guarded by mu
}

type session struct {
	grant Grant
	used  time.Time // guarded by sessions.mu
}

// begin begins a session and returns its secret.
func (s *sessions) begin(grant Grant, now time.Time) (secret string) {
	secret = rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[key]*session{}
	}
	var oldest key
	for k, one := range s.of {
		if now.Sub(one.used) >= s.idle {
			delete(s.of, k)
		} else if first := s.of[oldest]; first == nil || one.used.Before(first.used) {
			oldest = k
		}
	}
	if len(s.of) >= maxSessions {
		delete(s.of, oldest)
	}
	s.of[keyOf(secret)] = &session{grant: grant, used: now}
	return secret
}

// use returns what a session may do, and counts as its use. False: there is no such session.
func (s *sessions) use(secret string, now time.Time) (Grant, bool) {
	k := keyOf(secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.of[k]
	if one == nil {
		return Grant{}, false
	}
	if now.Sub(one.used) >= s.idle {
		delete(s.of, k)
		return Grant{}, false
	}
	one.used = now
	return one.grant, true
}

// end ends a session.
func (s *sessions) end(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, keyOf(secret))
}

// Access tells what an asker may do by its session, and whether it has one. It does not look at which page asks: see
// [site.Foreign].
func (c *Console) Access(r *http.Request) (access site.Access, signedIn bool) {
	grant, _ := c.Session(r)
	access = grant.now()
	return access, access != 0
}

// Session returns what the session of an asker may do. False: it has none.
func (c *Console) Session(r *http.Request) (grant Grant, ok bool) {
	if !c.cfg.Enabled() {
		return Grant{}, false
	}
	now := time.Now()
	for _, cookie := range r.CookiesNamed(c.cookie) {
		if grant, ok = c.sessions.use(cookie.Value, now); !ok {
			continue
		}
		if grant.now() == 0 { // what it was given for was taken back
			c.sessions.end(cookie.Value)
			continue
		}
		return grant, true
	}
	return Grant{}, false
}

package sandbox

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// Pace is how far away the server seems to be, and how much it takes. The zero value is near and takes everything.
type Pace struct {
	// Latency delays every answer. What a request changes is changed at once.
	Latency Latency `json:"latency"`
	// Rate is how many requests a second are taken, with bursts of a tenth of a second. Those above it are answered 429 with
	// "Retry-After: 1", as late as all others, and are not processed. Default: all are taken.
	Rate int `json:"rate"`
	// Connections is how many connections are open at once; those above it are reset, also those to /sandbox/. It is for
	// [Start]. Default: no bound.
	Connections int `json:"connections"`
}

// Latency is how long answers take: a time between Least and Most, all of them equally often, except that one in a hundred
// takes P99 times as long. Which one that is, and how long each takes, depends on the seed, the device, and how often it
// came. Its text is "50ms", "50ms..400ms", or "50ms..400ms x5" with a P99 of 5.
type Latency struct {
	// Least and Most are the bounds. Default of Most: Least.
	Least, Most time.Duration
	// P99 is a factor of at least 1. Default 1: there is no such tail.
	P99 float64
}

// ParseLatency reads the text of a Latency.
func ParseLatency(text string) (Latency, error) {
	wrong := func() (Latency, error) {
		return Latency{}, fmt.Errorf("latency %q must be a time such as 50ms, two of them (50ms..400ms), and perhaps a factor for one answer in a hundred (50ms..400ms x5)", text)
	}
	times, factor, tail := strings.Cut(text, " x")
	least, most, jitter := strings.Cut(strings.TrimSpace(times), "..")
	var l Latency
	var err error
	if l.Least, err = time.ParseDuration(least); err != nil {
		return wrong()
	}
	if l.Most = l.Least; jitter {
		if l.Most, err = time.ParseDuration(most); err != nil {
			return wrong()
		}
	}
	if tail {
		if _, err := fmt.Sscanf(factor+"\n", "%g\n", &l.P99); err != nil {
			return wrong()
		}
	}
	return l, l.setDefaults()
}

// String is the text that [ParseLatency] reads.
func (l Latency) String() string {
	text := l.Least.String()
	if l.Most > l.Least {
		text += ".." + l.Most.String()
	}
	if l.P99 > 1 {
		text += fmt.Sprintf(" x%g", l.P99)
	}
	return text
}

// MarshalText is String.
func (l Latency) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText is [ParseLatency].
func (l *Latency) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLatency(string(text))
	return err
}

func (l *Latency) setDefaults() error {
	if l.Most == 0 {
		l.Most = l.Least
	}
	if l.P99 == 0 {
		l.P99 = 1
	}
	switch {
	case l.Least < 0:
		return fmt.Errorf("latency %v must not be negative", l.Least)
	case l.Most < l.Least:
		return fmt.Errorf("latency %v..%v must be a shorter time first", l.Least, l.Most)
	case !(l.P99 >= 1 && l.P99 <= 1000): // NaN is no factor either
		return fmt.Errorf("the factor of the latency, %g, must be between 1 and 1000", l.P99)
	case float64(l.Most)*l.P99 > float64(time.Hour):
		return errors.New("a latency of more than an hour is none")
	}
	return nil
}

// of returns the delay of the request with a number among those of a device.
func (l *Latency) of(seed, device uint64, number uint32) time.Duration {
	if l.Most == l.Least && l.P99 == 1 {
		return l.Least
	}
	chance := rand.New(rand.NewPCG(seed^device, uint64(number)))
	delay := l.Least + time.Duration(chance.Float64()*float64(l.Most-l.Least))
	if chance.IntN(100) == 0 {
		delay = time.Duration(float64(delay) * l.P99)
	}
	return delay
}

func (p *Pace) setDefaults() error {
	if p.Rate < 0 || p.Rate > math.MaxInt32 || p.Connections < 0 {
		return errors.New("rate and connections must not be negative")
	}
	return p.Latency.setDefaults()
}

// SetPace replaces the pace, for requests that come from now on; connections that are open stay open. The error says what
// is wrong, and then nothing has changed.
func (s *Server) SetPace(p Pace) error {
	if err := p.setDefaults(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace = p
	return nil
}

// Pace returns the pace.
func (s *Server) Pace() Pace {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace
}

// tooManyLocked takes a request into the rate; true means that there is no room for it. full is when a server that takes
// its rate would have worked off all that was taken.
func (s *Server) tooManyLocked(now time.Time) bool {
	if s.pace.Rate == 0 {
		return false
	}
	burst := max(time.Second/10, time.Second/time.Duration(s.pace.Rate))
	if s.full.Before(now) {
		s.full = now
	}
	each := time.Second / time.Duration(s.pace.Rate)
	if s.full.Add(each).After(now.Add(burst)) {
		return true
	}
	s.full = s.full.Add(each)
	return false
}

// overRate is what hits a request above the rate.
func overRate() *Fault {
	return &Fault{
		Kind: FaultStatus, Name: "429 rate", Status: http.StatusTooManyRequests, RetryAfter: "1", Body: `{"error":"Too many requests"}`,
	}
}

// admit counts connections as net/http tells of them, and resets those above the bound.
func (s *Server) admit(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.conns++
		if s.pace.Connections > 0 && s.conns > s.pace.Connections {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // makes Close send a reset
			}
			_ = conn.Close()
		}
	case http.StateClosed, http.StateHijacked: // who takes one over closes it at once
		s.conns--
	case http.StateActive, http.StateIdle:
	}
}

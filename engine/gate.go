package engine

import "time"

// Gate knows the servers behind a [Deliverer] and which of them are up, so that no attempts are wasted on one that is down.
// The sending loop asks it how many attempts may be made at once and tells it what came of each; it makes no attempt
// beyond that, and returns what it has leased to its lane, in order and without a response.
//
// The methods are called one at a time, while a lock is held: they must not wait and must not call the engine.
type Gate interface {
	// Endpoint names the server that packages of an app and kind go to, for example "https://s2s.adjust.com". The answer
	// must always be the same.
	Endpoint(app App, kind Kind) string
	// Room says how many attempts an endpoint may have in flight now.
	Room(endpoint string) Room
	// Probe says that a person wants an endpoint to be tried now. One that is down has room for one attempt at once,
	// whatever Again said, and its clock begins anew; any other begins with one attempt, as after an outage. Attempts that
	// are in flight are of an earlier term.
	Probe(endpoint string)
	// Record tells what came of an attempt. It is not called for attempts that a shutdown has cut.
	Record(endpoint string, attempt Attempt)
}

// Room is what a [Gate] says about an endpoint. The sending loop asks again after every attempt.
type Room struct {
	// Attempts is how many attempts may be in flight. 0: the endpoint is down, and nothing is sent. Negative: no bound
	// but [Config.InFlight].
	Attempts int
	// Term numbers the times between changes for better or worse. Attempts that began in an earlier term do not take
	// room in this one: an attempt that hangs from before an outage must not stand in the way of a probe.
	Term uint64
	// Down says why the endpoint is held to be down, in words for people. Empty: it is not.
	Down string
	// Since is when it was found to be down.
	Since time.Time
	// Why says why Attempts changed last, in words for people, and Changed when. Empty: Attempts does not find itself.
	Why     string
	Changed time.Time
	// Again is when to ask again, although no attempt has ended. It is looked at while Attempts is 0.
	Again time.Time
}

// Attempt is one that is over.
type Attempt struct {
	// Term is that of the [Room] in which it began.
	Term uint64
	// Took is how long it took.
	Took time.Duration
	// InFlight is how many were in flight at the endpoint when it ended, with it, of the present term.
	InFlight int
	// Response is what came of it. It must not be kept.
	Response *Response
}

// openGate is for deliverers that have no gate: one endpoint, always up.
type openGate struct{}

func (openGate) Endpoint(App, Kind) string { return "" }
func (openGate) Room(string) Room          { return Room{Attempts: -1} }
func (openGate) Probe(string)              {}
func (openGate) Record(string, Attempt)    {}

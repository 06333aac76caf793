package wall

import "sync"

// Spare is a process that is started ahead: whoever needs one next finds it at work already. There is one at most; it holds
// nothing, and knows of no plugin. It may be used from many goroutines at once. Use [NewSpare], and Close at the end.
//
// Nil is a spare that there never is.
type Spare struct {
	command []string

	mu     sync.Mutex
	house  *house // guarded by mu, as all below; nil: there is none at this moment
	making bool
	kept   bool
	closed bool
	failed error // what kept the last one from being started
	// used and cold count the processes that were needed: those that were ready, and those that had to be started then.
	used, cold uint64
	work       sync.WaitGroup
}

// SpareStatus is what there is to know of a spare process.
type SpareStatus struct {
	// Ready tells that there is one, and Reason why not.
	Ready  bool
	Reason string
	// Used counts the processes that were needed and ready, and Cold those that had to be started when they were needed.
	Used, Cold uint64
}

// Status tells whether there is one, and how often that has helped.
func (s *Spare) Status() SpareStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := SpareStatus{Used: s.used, Cold: s.cold}
	switch h := s.house; {
	case h != nil && h.isAlive():
		status.Ready = true
	case s.closed:
		status.Reason = "the host stops"
	case s.making:
		status.Reason = "it is being started"
	case !s.kept:
		status.Reason = "the plugins that are loading come first"
	case s.failed != nil:
		status.Reason = s.failed.Error()
	case h != nil:
		status.Reason = "it has ended; the next one is started when a process was needed"
		select {
		case <-h.gone:
			status.Reason += ": " + h.reason()
		default:
		}
	default:
		status.Reason = "it was just needed"
	}
	return status
}

// NewSpare makes a spare that command starts. Nothing is started before [Spare.Keep].
func NewSpare(command []string) *Spare { return &Spare{command: command} }

// Keep starts the first one, and lets the next one be started whenever one was used. It returns at once.
func (s *Spare) Keep() {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.kept = true
	s.mu.Unlock()
	s.renew()
}

// renew starts the next one if there is none. It returns at once. Call it when what the last one was needed for is done, which
// is more urgent.
func (s *Spare) renew() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.kept || s.closed || s.making || s.house != nil && s.house.isAlive() {
		return
	}
	s.making = true
	s.work.Go(func() {
		h, err := build(s.command, waits{}.withDefaults(), true)
		s.mu.Lock()
		s.making, s.failed = false, err
		unwanted := err == nil && s.closed
		if err == nil && !unwanted { // whoever needs one next finds out why there is none
			s.house = h
		}
		s.mu.Unlock()
		if unwanted {
			h.dismiss()
		}
	})
}

// take returns it, for good; nil: there is none.
func (s *Spare) take() *house {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.house
	s.house = nil
	if h == nil || !h.isAlive() {
		s.cold++
		return nil
	}
	s.used++
	return h
}

// Pid is the number of the process; 0: there is none at this moment.
func (s *Spare) Pid() int {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.house == nil || !s.house.isAlive() {
		return 0
	}
	return s.house.cmd.Process.Pid
}

// Close ends it, and returns when it has gone.
func (s *Spare) Close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.closed = true
	h := s.house
	s.house = nil
	s.mu.Unlock()
	if h != nil {
		h.dismiss()
	}
	s.work.Wait()
}

// obtain returns a process that has no use yet: the spare one, if there is one.
func obtain(command []string, waits waits, spare *Spare, isNoted bool) (*house, error) {
	if h := spare.take(); h != nil {
		return h, nil
	}
	return build(command, waits, isNoted)
}

// isAlive tells whether the process is there and talks.
func (h *house) isAlive() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.closed
}

// dismiss ends a process in which nobody is.
func (h *house) dismiss() {
	_ = h.stdin.Close() // it ends by itself then
	<-h.gone
}

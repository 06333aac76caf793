package wall

import (
	"sync"

	"trackhook/scripting/internal/wire"
)

// Peers are the versions of one plugin that are at work, and tell each other what they have stored. The zero value has none.
type Peers struct {
	mu  sync.Mutex
	all map[*Version]bool // guarded by mu
}

func (p *Peers) add(v *Version) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[*Version]bool{}
	}
	p.all[v] = true
}

func (p *Peers) remove(v *Version) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, v)
}

// tell tells all but one what that has stored.
func (p *Peers) tell(from *Version, pairs map[string][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.all {
		if v != from {
			v.say(wire.Stored, wire.AppendPairs(nil, pairs))
		}
	}
}

// SetHosts tells all which hosts fetch may reach from now on.
func (p *Peers) SetHosts(hosts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.all {
		v.mu.Lock()
		v.cfg.Start.AllowHosts = hosts
		v.mu.Unlock()
		v.say(wire.Hosts, wire.AppendStrings(nil, hosts))
	}
}

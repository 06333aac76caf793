package wall

import (
	"maps"
	"slices"
	"sync"
)

// Peers are the versions of one plugin that are at work, and tell each other what they have stored. The zero value has none.
type Peers struct {
	mu  sync.Mutex
	all map[*Version]bool // guarded by mu
}

// add makes a version known, with the hosts that hold now: later ones are told to it.
func (p *Peers) add(v *Version) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v.cfg.Hosts != nil {
		v.cfg.Start.AllowHosts = v.cfg.Hosts()
	}
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
	for _, v := range p.atWork() {
		if v != from {
			v.learn(pairs)
		}
	}
}

// SetHosts tells all which hosts fetch may reach from now on.
func (p *Peers) SetHosts(hosts []string) {
	for _, v := range p.atWork() {
		v.setHosts(hosts)
	}
}

// atWork are the versions, to be told something without keeping others from coming and going meanwhile.
func (p *Peers) atWork() []*Version {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.all))
}

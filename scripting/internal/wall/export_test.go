package wall

import (
	"time"

	"trackhook/scripting/internal/wire"
)

// SetWaits bounds how long a process may take to read what it is told, and to end once it says nothing more.
func (c *Config) SetWaits(listen, leave time.Duration) { c.waits.listen, c.waits.leave = listen, leave }

// SetProbation is how long a plugin stays out that was suspected.
func (c *PoolConfig) SetProbation(d time.Duration) { c.probation = d }

// Unsettled tells whether the process that it shares has run it, and has not told what came of that.
func (v *Version) Unsettled() bool {
	v.mu.Lock()
	p := v.proc
	v.mu.Unlock()
	if p == nil {
		return false
	}
	board := p.house.readBoard()
	return int(p.channel) < len(board) && board[p.channel] == wire.Unsettled
}

package wall

import "time"

// SetWaits bounds how long a process may take to read what it is told, and to end once it says nothing more.
func (c *Config) SetWaits(listen, leave time.Duration) { c.waits.listen, c.waits.leave = listen, leave }

// SetProbation is how long a plugin stays out that was suspected.
func (c *PoolConfig) SetProbation(d time.Duration) { c.probation = d }

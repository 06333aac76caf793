package site

import "strings"

// Access is a set of what an asker may do with a host. The zero value is nothing.
type Access uint8

// The kinds of access. Whoever may operate a host or write its scripts may read as well, see [Access.Full].
const (
	// Read may look at everything that is no secret.
	Read Access = 1 << iota
	// Operate may retry, drop and probe, and what else changes the queue or the host.
	Operate
	// Scripts may write and run scripts, which is to run code in the host.
	Scripts

	// All may do everything.
	All = Read | Operate | Scripts
)

// Has tells whether all of need is there.
func (a Access) Has(need Access) bool { return a&need == need }

// Full adds what goes without saying: reading, for whoever may do anything.
func (a Access) Full() Access {
	if a&All != 0 {
		return a | Read
	}
	return a
}

// Names are the names of what is there, in the order of the constants; not nil.
func (a Access) Names() []string {
	names := []string{}
	for bit, name := range []string{"read", "operate", "scripts"} {
		if a&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String returns the names, separated by commas.
func (a Access) String() string { return strings.Join(a.Names(), ",") }

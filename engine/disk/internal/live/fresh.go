package live

import "sync"

const (
	// freshPackages and freshBytes bound what is remembered of packages that came in of late.
	freshPackages = 1 << 14
	freshBytes    = 8 << 20
)

// Fresh remembers packages that came in of late, as they were written, so that those which are sent soon after need not be
// read: a short queue is sent without reading a package at all. It is only a memory: what it does not know is on disk, and
// what nobody asks for is forgotten when newer ones need its place.
//
// All methods may be called from many goroutines at once.
type Fresh struct {
	mu    sync.Mutex
	slots []freshPackage // guarded by mu; a package is where its number says, the newest of those that belong there
	bytes int            // guarded by mu
	// oldest is a number below which nothing is remembered, and newest one above which nothing is.
	oldest, newest uint64 // guarded by mu
}

type freshPackage struct {
	number uint64
	value  string
}

// NewFresh makes one that knows nothing.
func NewFresh() *Fresh { return &Fresh{} }

// Put remembers a package, whose number is larger than those of all before, or one of those that were never durable.
func (f *Fresh) Put(number uint64, value string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.slots == nil {
		f.slots = make([]freshPackage, freshPackages)
		f.oldest = number
	}
	f.forget(number % freshPackages)
	f.slots[number%freshPackages] = freshPackage{number, value}
	f.bytes += len(value)
	f.newest = max(f.newest, number)
	f.oldest = max(f.oldest, f.newest-min(f.newest, freshPackages-1))
	for f.bytes > freshBytes && f.oldest < f.newest {
		if at := f.oldest % freshPackages; f.slots[at].number == f.oldest {
			f.forget(at)
		}
		f.oldest++
	}
}

// Take returns a package and forgets it; "" when it is not known.
func (f *Fresh) Take(number uint64) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.slots == nil || f.slots[number%freshPackages].number != number {
		return ""
	}
	value := f.slots[number%freshPackages].value
	f.forget(number % freshPackages)
	return value
}

func (f *Fresh) forget(at uint64) {
	f.bytes -= len(f.slots[at].value)
	f.slots[at] = freshPackage{}
}

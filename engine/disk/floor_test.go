package disk_test

import (
	"os"
	"sync"
	"testing"
	"time"
)

// floor is a plain file with group commit: what every durable store must do at least. One goroutine writes all records
// that wait with one write, syncs once, and answers.
type floor struct {
	file *os.File
	slow time.Duration // added to each fsync
	wake chan struct{}
	done chan struct{}

	mu      sync.Mutex
	buffer  []byte       // guarded by mu
	waiting []chan error // guarded by mu
}

func openFloor(b *testing.B, name string, slow time.Duration) *floor {
	b.Helper()
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	f := &floor{file: file, slow: slow, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go f.run()
	b.Cleanup(func() {
		close(f.wake)
		<-f.done
		if err := file.Close(); err != nil {
			b.Error(err)
		}
	})
	return f
}

func (f *floor) append(record []byte) error {
	done := make(chan error, 1)
	f.mu.Lock()
	f.buffer = append(f.buffer, record...)
	f.waiting = append(f.waiting, done)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
	return <-done
}

func (f *floor) run() {
	defer close(f.done)
	var buffer []byte
	var waiting []chan error
	for range f.wake {
		f.mu.Lock()
		buffer, f.buffer = f.buffer, buffer[:0]
		waiting, f.waiting = f.waiting, waiting[:0]
		f.mu.Unlock()
		_, err := f.file.Write(buffer)
		if err == nil {
			err = syncData(f.file)
		}
		if f.slow > 0 {
			<-time.After(f.slow)
		}
		for _, done := range waiting {
			done <- err
		}
	}
}

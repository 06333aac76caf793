package source

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/rs/zerolog"
)

// How changes are waited for, unless a host says it otherwise.
const (
	// DefaultDebounce is how long a file must have been quiet before it is read.
	DefaultDebounce = 20 * time.Millisecond
	// DefaultPoll is the polling interval: how often file contents are compared, events or not.
	DefaultPoll = 2 * time.Second
)

// Watcher tells when something may have changed in a set of directories. It is a hint, never the truth: what is on
// disk is always read again, and the poll covers file systems without events. Its methods are for one goroutine.
type Watcher struct {
	log zerolog.Logger
	// events is nil when there are none; then only polling is left.
	events *fsnotify.Watcher
	// Dirty receives after each event of interest. One that nobody has taken yet stands for all.
	Dirty chan struct{}
	// done is closed when the pump has ended.
	done chan struct{}
	// failing is true after a directory could not be watched, until all could, so that it is said once.
	failing bool

	mu    sync.Mutex
	watch map[string]interest // guarded by mu; never written after it was set
}

// NewWatcher starts the pump. It does not fail: without events from the system it warns, and dirty stays silent.
func NewWatcher(log zerolog.Logger, disabled bool) *Watcher {
	w := &Watcher{log: log, Dirty: make(chan struct{}, 1), done: make(chan struct{})}
	if disabled {
		close(w.done)
		return w
	}
	source, err := fsnotify.NewWatcher()
	if err != nil {
		log.Warn().Err(err).Msg("cannot watch for changes of plugins; they are noticed by polling")
		close(w.done)
		return w
	}
	w.events = source
	go w.pump()
	return w
}

// Close ends the pump and waits for it.
func (w *Watcher) Close() {
	if w.events != nil {
		if err := w.events.Close(); err != nil {
			w.log.Debug().Err(err).Msg("cannot close the watcher of plugins")
		}
	}
	<-w.done
}

// pump takes events as they come, because fsnotify holds its lock while an error waits to be taken, and adding a
// directory needs that lock.
func (w *Watcher) pump() {
	defer close(w.done)
	events, failures := w.events.Events, w.events.Errors
	for events != nil || failures != nil {
		select {
		case event, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			if !w.matters(event.Name) {
				continue
			}
			w.log.Trace().Str("file", event.Name).Stringer("change", event.Op).Msg("a file of the plugins folder has changed")
		case err, ok := <-failures:
			if !ok {
				failures = nil
				continue
			}
			// Events were lost, so everything is looked at. A queue that overflows is nothing to worry people with.
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				w.log.Warn().Err(err).Msg("watching plugins failed; looking at all of them")
			}
		}
		select {
		case w.Dirty <- struct{}{}:
		default:
		}
	}
}

// matters tells whether an event for path is of interest. An event for a watched directory itself always is.
func (w *Watcher) matters(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, watched := w.watch[path]; watched {
		return true
	}
	return w.watch[filepath.Dir(path)].in(filepath.Base(path))
}

// Set makes the directories those that are watched. added tells that at least one is new: what happened in it before
// is not known, so it must be scanned again.
func (w *Watcher) Set(watch map[string]interest) (added bool) {
	w.mu.Lock()
	w.watch = watch
	w.mu.Unlock()
	if w.events == nil {
		return false
	}
	// fsnotify itself forgets directories that were removed or renamed, so its list is the one to compare with.
	known := map[string]bool{}
	for _, dir := range w.events.WatchList() {
		known[dir] = true
		if _, wanted := watch[dir]; wanted {
			continue
		}
		if err := w.events.Remove(dir); err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) {
			w.log.Debug().Err(err).Str("folder", dir).Msg("cannot stop watching a folder")
		}
	}
	var failed error
	for _, dir := range slices.Sorted(maps.Keys(watch)) {
		if known[dir] {
			continue
		}
		err := w.events.Add(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = err
			continue
		}
		// A folder that has gone meanwhile is another one to scan than it was.
		added = true
	}
	if failed != nil && !w.failing {
		w.log.Warn().Err(failed).
			Msg("cannot watch every folder of plugins; changes there are noticed by polling (see fs.inotify.max_user_watches)")
	}
	w.failing = failed != nil
	return added
}

package read

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
	"github.com/rs/zerolog"
)

// ErrDamaged means that what is stored cannot be read, or cannot be understood. A request that meets it is refused alone.
var ErrDamaged = engine.ErrDamaged

// Unreadable tells whether an error means that a part of a table cannot be read: its checksum is wrong, or the disk gives
// an error for it. What else is stored can be.
func Unreadable(err error) bool {
	if err == nil {
		return false
	}
	if pebble.IsCorruptionError(err) {
		return true
	}
	at := (*fs.PathError)(nil)
	return errors.Is(err, syscall.EIO) && (!errors.As(err, &at) || strings.HasSuffix(at.Path, ".sst"))
}

// Error says what could not be read. When a part of a table is damaged, it wraps [ErrDamaged].
func Error(what string, err error) error {
	if Unreadable(err) {
		return fmt.Errorf("%s: %w: %w", what, ErrDamaged, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Hole is a part of the database that cannot be read: the keys from From on and before To.
type Hole struct{ From, To []byte }

// Has tells whether a key is in the hole.
func (h *Hole) Has(key []byte) bool {
	return bytes.Compare(h.From, key) <= 0 && bytes.Compare(key, h.To) < 0
}

// Rot is what is known of damaged files: which they are, and what cannot be read because of them. It may be used
// from many goroutines at once.
type Rot struct {
	log zerolog.Logger

	mu    sync.Mutex
	files map[string]struct{} // names; guarded by mu
	holes []Hole              // guarded by mu
}

// NewRot returns one that tells the log what becomes known.
func NewRot(log zerolog.Logger) *Rot { return &Rot{log: log} }

// DamagedFile notes that a file is damaged, which is logged once for each.
func (r *Rot) DamagedFile(name string, why error) {
	name = path.Base(filepath.ToSlash(name))
	r.mu.Lock()
	_, known := r.files[name]
	if r.files == nil {
		r.files = make(map[string]struct{})
	}
	r.files[name] = struct{}{}
	r.mu.Unlock()
	if !known {
		r.log.Error().Err(why).Str("file", name).Msg("a file of the store is damaged; what lies in the damaged part cannot be read, the rest goes on")
	}
}

// around returns the known hole that a key is in.
func (r *Rot) around(key []byte) (Hole, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.holes {
		if r.holes[i].Has(key) {
			return r.holes[i], true
		}
	}
	return Hole{}, false
}

// add notes a hole, which is logged.
func (r *Rot) add(h Hole, why error) {
	r.mu.Lock()
	r.holes = append(r.holes, h)
	r.mu.Unlock()
	r.log.Error().Err(why).Hex("from", h.From).Hex("to", h.To).
		Msgf("some %s cannot be read; they are skipped", format.Prefix(h.From[0]).Holds())
}

// Note says which files are damaged and what to do, "" when none is known to be.
func (r *Rot) Note() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.files) == 0 && len(r.holes) == 0 {
		return ""
	}
	const most = 3
	files, more := slices.Sorted(maps.Keys(r.files)), ""
	if len(files) > most {
		files, more = files[:most], fmt.Sprintf(" and %d more", len(files)-most)
	}
	var lost []string
	for i := range r.holes {
		if what := format.Prefix(r.holes[i].From[0]).Holds(); !slices.Contains(lost, what) {
			lost = append(lost, what)
		}
	}
	text := "files of the store are damaged"
	if len(files) > 0 {
		text += ": " + strings.Join(files, ", ") + more
	}
	if len(lost) > 0 {
		text += "; some " + strings.Join(lost, ", some ") + " cannot be read"
	}
	return text + "; stop trackhook, see what is lost with `trackhook store verify`, and save the rest with `trackhook store repair`"
}

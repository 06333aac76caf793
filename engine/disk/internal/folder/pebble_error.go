package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// WayOn says what to do about files that are damaged or missing.
const WayOn = "put it back from a copy; or `trackhook store verify` tells what can be read, and `trackhook store repair --to DIR` " +
	"writes that into a new folder"

// refusal is an error of Pebble in the words of people: which file, and the way on.
type refusal struct {
	text string
	err  error
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.err }

// Explain names the file that Pebble could not use when it opened dir, and the way on. reading is what was being read of
// its log. Errors that are no damage, such as a missing right, stay as they are.
func Explain(files vfs.FS, dir, reading string, err error) error {
	tables := WrongTables(err)
	if len(tables) == 0 && !pebble.IsCorruptionError(err) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, pebble.ErrDBNotPristine) {
		return err
	}
	text := strings.ReplaceAll(err.Error(), "\n<corruption detail carrier>", "")
	file, way := "a file", WayOn
	info := pebble.ExtractDataCorruptionInfo(err)
	switch {
	case errors.Is(err, pebble.ErrDBNotPristine):
		file = "marker.format-version.* is missing, or another file"
	case len(tables) > 0:
		file = strings.Join(slices.Sorted(maps.Keys(tables)), ", ")
	case info != nil:
		file = files.PathBase(info.Path)
	case strings.Contains(text, "WAL") && reading != "":
		file = files.PathBase(reading)
	case strings.Contains(text, "MANIFEST"):
		// Without it, nothing tells which tables belong to the store and which are out of date.
		file, way = "the manifest", "put it back from a copy of the whole folder; without it `trackhook store repair` cannot save anything"
	}
	// The directory is named already, by whoever asked.
	for _, noise := range []string{fmt.Sprintf(" for DB %q", dir), fmt.Sprintf("dirname=%q: ", dir), strings.TrimSuffix(files.PathJoin(dir, "x"), "x"), "pebble: "} {
		text = strings.ReplaceAll(text, noise, "")
	}
	return &refusal{text: fmt.Sprintf("%s is damaged or missing (%s); %s", file, strings.ReplaceAll(text, "\n", "; "), way), err: err}
}

// Advise adds the way on to an error of an opening that met a damaged part of a table, unless it is there.
func Advise(err error) error {
	if _, said := errors.AsType[*refusal](err); !said && read.Unreadable(err) {
		return fmt.Errorf("%w; a file is damaged; %s", err, WayOn)
	}
	return err
}

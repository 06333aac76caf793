package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// wayOn says what to do about files that are damaged or missing.
const wayOn = "put it back from a copy; or `trackhook store verify` tells what can be read, and `trackhook store repair --to DIR` " +
	"writes that into a new folder"

// manifestMarker begins the name of the file that names the newest manifest. It is empty, and without it Pebble makes a new
// database and deletes all files of the old one.
const (
	manifestMarker = "marker.manifest."
	firstManifest  = "MANIFEST-000001"
)

// checkRemains refuses a directory that holds files of a store and not the one by which it is found. The first manifest
// alone, or its marker alone, is what a crash leaves of a store that was just being made: it is made anew.
func checkRemains(files vfs.FS, dir string) error {
	names, err := files.List(dir)
	if err != nil {
		return fmt.Errorf("list data folder: %w", err)
	}
	slices.Sort(names)
	marker, left := "", ""
	for _, name := range names {
		if strings.HasPrefix(name, manifestMarker) {
			marker = name
		}
		if left == "" && isRemains(name) {
			left = name
		}
	}
	switch {
	case marker == "" && left != "":
		return fmt.Errorf("the folder holds %s of a store, but its file %s* is missing (it is empty: some copies leave such files out), and a new store would delete what is there; %s",
			left, manifestMarker, wayOn)
	case left == "" && strings.HasSuffix(marker, "."+firstManifest) && !slices.Contains(names, firstManifest):
		if err := files.Remove(files.PathJoin(dir, marker)); err != nil {
			return fmt.Errorf("remove what is left of a store that was being made: %w", err)
		}
	}
	return nil
}

// isRemains tells files that only a store which was made completely can have.
func isRemains(name string) bool {
	for _, ending := range []string{".sst", ".log", ".blob"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return strings.HasPrefix(name, "OPTIONS-") || strings.HasPrefix(name, "marker.format-version.") ||
		strings.HasPrefix(name, "MANIFEST-") && name != firstManifest
}

// checkLogs refuses a store that a log is missing of, unless what was in it is in tables.
func checkLogs(files *guard.FS, dir string) error {
	missing, err := files.KeepLogs(dir)
	if err != nil || len(missing) == 0 {
		return err
	}
	oldest := oldestLog(files, dir)
	missing = slices.DeleteFunc(missing, func(name string) bool {
		number, err := strconv.ParseUint(strings.TrimSuffix(name, ".log"), 10, 64)
		return err == nil && number < oldest
	})
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("missing: %s, with packages or answers that were on disk; %s", strings.Join(missing, " and "), wayOn)
}

// setOptionsAside renames a file of Pebble's options that it would stumble over. Nothing of ours depends on what is in it,
// and every opening writes a new one.
func setOptionsAside(files vfs.FS, dir string, log *zerolog.Logger) error {
	options := &pebble.Options{} // the keys are ordered as Pebble does it by itself
	options.EnsureDefaults()
	names, err := files.List(dir)
	if err != nil {
		return fmt.Errorf("list data folder: %w", err)
	}
	for _, name := range names {
		number, ok := strings.CutPrefix(name, "OPTIONS-")
		if !ok || strings.Trim(number, "0123456789") != "" {
			continue
		}
		path := files.PathJoin(dir, name)
		text, err := readFile(files, path)
		if err == nil {
			err = options.CheckCompatibility(dir, text)
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		log.Warn().Err(err).Str("file", path).Msg("the file of storage options is damaged; it is set aside and made anew, nothing of the queue is in it")
		if err := files.Rename(path, path+".damaged"); err != nil {
			return fmt.Errorf("set damaged options aside: %w", err)
		}
	}
	return nil
}

func readFile(files vfs.FS, path string) (string, error) {
	f, err := files.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(f)
	return string(text), err
}

// refusal is an error of Pebble in the words of people: which file, and the way on.
type refusal struct {
	text string
	err  error
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.err }

// explain names the file that Pebble could not use when it opened dir, and the way on. reading is what was being read of
// its log. Errors that are no damage, such as a missing right, stay as they are.
func explain(files vfs.FS, dir, reading string, err error) error {
	if !pebble.IsCorruptionError(err) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, pebble.ErrDBNotPristine) {
		return err
	}
	text := strings.ReplaceAll(err.Error(), "\n<corruption detail carrier>", "")
	file := "a file"
	info := pebble.ExtractDataCorruptionInfo(err)
	switch {
	case errors.Is(err, pebble.ErrDBNotPristine):
		file = "marker.format-version.* is missing, or another file"
	case info != nil:
		file = files.PathBase(info.Path)
	case strings.Contains(text, "WAL") && reading != "":
		file = files.PathBase(reading)
	case strings.Contains(text, "MANIFEST"):
		file = "the manifest"
	}
	// The directory is named already, by whoever asked.
	for _, noise := range []string{fmt.Sprintf(" for DB %q", dir), fmt.Sprintf("dirname=%q: ", dir), strings.TrimSuffix(files.PathJoin(dir, "x"), "x"), "pebble: "} {
		text = strings.ReplaceAll(text, noise, "")
	}
	return &refusal{text: fmt.Sprintf("%s is damaged or missing (%s); %s", file, strings.ReplaceAll(text, "\n", "; "), wayOn), err: err}
}

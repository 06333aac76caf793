package folder

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// manifestMarker begins the name of the file that names the newest manifest. It is empty, and without it Pebble makes a new
// database and deletes all files of the old one.
const (
	manifestMarker = "marker.manifest."
	firstManifest  = "MANIFEST-000001"
	// versionMarker begins the name of the file that names the version of Pebble's formats, which is empty as well.
	versionMarker = "marker.format-version."
)

// Check looks at the files of a store before Pebble does, which takes some damage for a new store, or for the end of a
// log. It refuses what it must not open, keeps in guarded which logs there are, and sets damaged options aside.
func Check(files vfs.FS, guarded *guard.FS, dir string, log *zerolog.Logger) error {
	if err := checkRemains(files, dir); err != nil {
		return err
	}
	if err := setOptionsAside(files, dir, log); err != nil {
		return err
	}
	if err := checkLogs(guarded, dir); err != nil {
		return err
	}
	return checkTail(files, dir)
}

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
			left, manifestMarker, WayOn)
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
	return strings.HasPrefix(name, "OPTIONS-") || strings.HasPrefix(name, versionMarker) ||
		strings.HasPrefix(name, "MANIFEST-") && name != firstManifest
}

// checkLogs refuses a store that a log is missing of, unless what was in it is in tables.
func checkLogs(files *guard.FS, dir string) error {
	missing, err := files.KeepLogs(dir)
	if err != nil || len(missing) == 0 {
		return err
	}
	oldest := OldestLog(files, dir)
	missing = slices.DeleteFunc(missing, func(name string) bool {
		number, err := strconv.ParseUint(strings.TrimSuffix(name, ".log"), 10, 64)
		return err == nil && number < oldest
	})
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("missing: %s, with packages or answers that were on disk; %s", strings.Join(missing, " and "), WayOn)
}

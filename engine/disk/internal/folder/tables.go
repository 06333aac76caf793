package folder

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// WrongTables returns the tables that an error of an opening says are missing, with the size 0, or have another size than the
// list of files says, with that. None: it says something else.
func WrongTables(err error) map[string]uint64 {
	tables := make(map[string]uint64)
	if err == nil {
		return tables
	}
	// Pebble has no other way to tell.
	missing := regexp.MustCompile(`file (\d+) \(type sstable\) unknown to the objstorage provider`)
	for _, found := range missing.FindAllStringSubmatch(err.Error(), -1) {
		tables[found[1]+".sst"] = 0
	}
	size := regexp.MustCompile(`(\d+\.sst)\): \d+ \(disk\) != (\d+) \(MANIFEST\)`)
	for _, found := range size.FindAllStringSubmatch(err.Error(), -1) {
		if bytes, err := strconv.ParseUint(found[2], 10, 40); err == nil {
			tables[found[1]] = bytes
		}
	}
	return tables
}

// WriteMarkers writes the empty files by which Pebble finds a database, where they are missing.
func WriteMarkers(files vfs.FS, dir string) error {
	names, err := files.List(dir)
	if err != nil {
		return fmt.Errorf("list %s: %w", dir, err)
	}
	slices.Sort(names)
	newest, manifest, version := "", false, false
	for _, name := range names {
		if strings.HasPrefix(name, "MANIFEST-") {
			newest = name
		}
		manifest = manifest || strings.HasPrefix(name, manifestMarker)
		version = version || strings.HasPrefix(name, versionMarker)
	}
	if !manifest && newest != "" {
		err = WriteFile(files, files.PathJoin(dir, manifestMarker+"000001."+newest), "")
	}
	if !version {
		marker := fmt.Sprintf("%s000001.%s", versionMarker, pebble.FormatTableFormatV6)
		err = errors.Join(err, WriteFile(files, files.PathJoin(dir, marker), ""))
	}
	return err
}

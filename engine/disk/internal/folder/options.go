package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

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

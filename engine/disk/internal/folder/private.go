package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// othersMay are the rights of a folder that let other users in.
const othersMay = 0o077

// KeepPrivate takes the rights of other users to a data folder away, or refuses it: what is queued tells who did what. Only
// a folder that is empty or holds a store is changed. Windows has its own lists of rights, which are not looked at.
func KeepPrivate(files vfs.FS, dir string, log *zerolog.Logger) error {
	if vfs.Root(files) != vfs.Default || runtime.GOOS == "windows" {
		return nil
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // it is made for this user alone
	case err != nil:
		return fmt.Errorf("look at data folder: %w", err)
	case !info.IsDir():
		return fmt.Errorf("the data folder %s is a file; choose another --data", dir)
	case info.Mode().Perm()&othersMay == 0:
		return nil
	}
	const wayOn = "choose a folder inside it as --data, which is made for this user alone, or do `chmod 700`"
	names, err := files.List(dir)
	if err != nil {
		return fmt.Errorf("list data folder: %w", err)
	}
	if len(names) > 0 && !slices.ContainsFunc(names, isOurs) {
		return fmt.Errorf("other users may use the data folder %s (mode %04o), and it holds other things than a store; %s", dir, info.Mode().Perm(), wayOn)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // of a folder, and for this user alone
		return fmt.Errorf("other users may use the data folder %s (mode %04o), and that cannot be changed: %w; %s", dir, info.Mode().Perm(), err, wayOn)
	}
	log.Warn().Str("dir", dir).Str("was", fmt.Sprintf("%04o", info.Mode().Perm())).
		Msg("other users could use the data folder; its mode is 0700 now")
	return nil
}

// isOurs tells the files of a store that nothing else has.
func isOurs(name string) bool {
	return strings.HasPrefix(name, manifestMarker) || name == lockFile
}

package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// moveFile says that what the folder holds is being moved, or was moved, to another place. Nobody may send what is queued here
// then, because it is sent from there.
const moveFile = "MOVED"

// Move says where the contents of a folder are moved to.
type Move struct {
	ID   string // names the move; both sides know it
	To   string // the place, in one line for people; it holds no secret
	Done bool   // all of it is there
}

const (
	moving = "moving"
	moved  = "moved"
)

func (m *Move) text() string {
	state := moving
	if m.Done {
		state = moved
	}
	return fmt.Sprintf("%s %s to %s\n", state, m.ID, m.To)
}

// ReadMove returns the move of a folder; none has an empty ID. One that cannot be understood is an error.
func ReadMove(files vfs.FS, dir string) (m Move, err error) {
	path := files.PathJoin(dir, moveFile)
	text, err := readFile(files, path)
	if errors.Is(err, fs.ErrNotExist) {
		return Move{}, nil
	}
	if err != nil {
		return Move{}, fmt.Errorf("read whether the folder was moved: %w", err)
	}
	state, rest, _ := strings.Cut(text, " ")
	m.ID, rest, _ = strings.Cut(rest, " to ")
	m.To, m.Done = strings.TrimSuffix(rest, "\n"), state == moved
	if m.ID == "" || m.text() != text {
		return Move{}, fmt.Errorf("%s should say where the data folder was moved to, and cannot be understood; remove it if what is queued in the "+
			"folder is to be sent from there", path)
	}
	return m, nil
}

// WriteMove notes the move of a folder, durably and at once.
func WriteMove(files vfs.FS, dir string, m Move) error {
	path := files.PathJoin(dir, moveFile)
	if err := writeSynced(files, path+".new", m.text()); err != nil {
		return err
	}
	if err := files.Rename(path+".new", path); err != nil {
		return fmt.Errorf("note that the folder is moved: %w", err)
	}
	return syncDir(files, dir)
}

// RemoveMove takes back what [WriteMove] has noted.
func RemoveMove(files vfs.FS, dir string) error {
	if err := files.Remove(files.PathJoin(dir, moveFile)); err != nil {
		return fmt.Errorf("take back that the folder is moved: %w", err)
	}
	return syncDir(files, dir)
}

// RefuseMoved is an error when what the folder holds is being moved, or was.
func RefuseMoved(files vfs.FS, dir string) error {
	m, err := ReadMove(files, dir)
	path := files.PathJoin(dir, moveFile)
	switch {
	case err != nil:
		return err
	case m.ID == "":
		return nil
	case m.Done:
		return fmt.Errorf("what it holds was moved to %s, and is sent from there; start with that, or, if it is to be sent from here as well, remove %s",
			m.To, path)
	default:
		return fmt.Errorf("what it holds is being moved to %s, and the move has not come to its end; run `trackhook store copy` again, which goes on "+
			"where it was, or give the move up: remove %s, and what is in the database", m.To, path)
	}
}

// writeSynced writes a whole file, durably.
func writeSynced(files vfs.FS, name, text string) error {
	f, err := files.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	_, err = f.Write([]byte(text))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

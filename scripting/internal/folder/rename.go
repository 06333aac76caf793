package folder

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
)

// Rename gives a file or a folder another name. The tests beside the first file of a plugin go with it.
func (f *Folder) Rename(change scripts.Rename) (scripts.Renamed, error) {
	none := scripts.Renamed{}
	for _, name := range []string{change.Path, change.To} {
		if err := CheckPath(name); err != nil {
			return none, err
		}
	}
	if change.To == change.Path || strings.HasPrefix(change.To, change.Path+"/") {
		return none, refuse(scripts.Invalid, "Invalid path", "%s cannot become %s", change.Path, change.To)
	}
	root, err := f.begin()
	if err != nil {
		return none, err
	}
	defer f.end(root)
	if _, err := f.expect(root, change.Path, change.Version); err != nil {
		return none, err
	}
	moves := append([]scripts.Move{{From: change.Path, To: change.To}}, f.testsOf(root, change.Path, change.To)...)
	for _, m := range moves {
		if _, err := root.Lstat(m.To); err == nil {
			return none, taken(m.To)
		}
	}
	if dir := path.Dir(change.To); dir != "." {
		if err := makeFolders(root, dir); err != nil {
			return none, failed(change.To, err)
		}
	}
	for n, m := range moves {
		if err := move(root, m.From, m.To); err != nil {
			undo(root, moves[:n])
			if errors.Is(err, fs.ErrExist) {
				return none, taken(m.To)
			}
			return none, failed(m.From, err)
		}
		if n > 0 {
			continue
		}
		// What was moved is what was looked at, or goes back.
		if version, err := versionIn(root, m.To); err != nil || version != change.Version {
			undo(root, moves[:1])
			return none, f.moved(root, change.Path, change.Version)
		}
	}
	for _, dir := range []string{path.Dir(change.Path), path.Dir(change.To)} {
		if err := syncFolder(root, dir); err != nil {
			return none, failed(change.To, err)
		}
	}
	return scripts.Renamed{Path: change.To, Version: change.Version, Renamed: moves}, nil
}

// undo takes moves back. What has appeared under the old name meanwhile stays.
func undo(root *os.Root, moves []scripts.Move) {
	for _, m := range moves {
		_ = move(root, m.To, m.From) // there is nothing better to do
	}
}

func taken(name string) error {
	return refuse(scripts.Taken, "Name is taken", "there is %s already: choose another name, or remove that first", name)
}

// testsOf are the moves of the tests beside the first file of a plugin.
func (f *Folder) testsOf(root *os.Root, from, to string) []scripts.Move {
	dir, base := path.Split(from)
	stem := strings.TrimSuffix(base, path.Ext(base))
	if source.IsTest(from) || path.Ext(base) == "" || stem == "index" {
		return nil
	}
	toDir, toBase := path.Split(to)
	entries, err := fs.ReadDir(root.FS(), path.Clean(dir+"."))
	if err != nil {
		return nil
	}
	var moves []scripts.Move
	for _, d := range entries {
		if d.Type().IsRegular() && source.IsTest(d.Name()) && source.TestedName(d.Name()) == stem {
			moves = append(moves, scripts.Move{From: dir + d.Name(), To: toDir + strings.TrimSuffix(toBase, path.Ext(toBase)) + strings.TrimPrefix(d.Name(), stem)})
		}
	}
	return moves
}

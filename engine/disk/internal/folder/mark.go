package folder

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// markFile says what was on disk at some moment of the last second, apart from the database. The end of the newest log that
// was cut off or overwritten looks like a crash: only this tells that something is missing. It is written in place and not
// synced, so it survives the end of the process and mostly that of the system; where it did not, nothing is known.
const markFile = "MARK"

// Mark is what markFile says.
type Mark struct {
	Packages, Last              uint64 // the newest numbers of packages and responses
	lostPackages, lostResponses uint64 // how many were missing, at all openings together
}

func (m *Mark) text() string {
	numbers := fmt.Sprintf("%020d %020d %020d %020d", m.Packages, m.Last, m.lostPackages, m.lostResponses)
	return fmt.Sprintf("%s checksum %08x\n", numbers, crc32.ChecksumIEEE([]byte(numbers)))
}

// ReadMark returns the mark in dir; a zero one when there is none that can be read.
func ReadMark(files vfs.FS, dir string) (m Mark, err error) {
	text, err := readFile(files, files.PathJoin(dir, markFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Mark{}, nil
	}
	if err != nil {
		return Mark{}, fmt.Errorf("read mark: %w", err)
	}
	_, err = fmt.Sscanf(text, "%d %d %d %d", &m.Packages, &m.Last, &m.lostPackages, &m.lostResponses)
	if err != nil || m.text() != text {
		return Mark{}, nil //nolint:nilerr // it was never synced
	}
	return m, nil
}

// Write writes the mark, in place: there is never a moment without one. It is not synced.
func (m *Mark) Write(files vfs.FS, dir string) error { return m.write(files, dir, false) }

// WriteSynced writes the mark of a copy, which nobody writes again until the copy is opened.
func (m *Mark) WriteSynced(files vfs.FS, dir string) error { return m.write(files, dir, true) }

func (m *Mark) write(files vfs.FS, dir string, synced bool) error {
	f, err := files.OpenReadWrite(files.PathJoin(dir, markFile), vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	if _, err = f.WriteAt([]byte(m.text()), 0); err == nil && synced {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Of is the mark of a copy that holds this much: what was missing is missing there as well.
func (m *Mark) Of(packages, last uint64) Mark {
	return Mark{Packages: packages, Last: last, lostPackages: m.lostPackages, lostResponses: m.lostResponses}
}

// Miss compares the mark with what an opening has found, and reports what is missing now.
func (m *Mark) Miss(found *format.State) (packages, responses uint64) {
	packages, responses = m.Packages-min(m.Packages, found.Packages), m.Last-min(m.Last, found.Last)
	m.Packages, m.Last = found.Packages, found.Last
	m.lostPackages += packages
	m.lostResponses += responses
	return packages, responses
}

// Note says what is missing, "" when nothing is known to be.
func (m *Mark) Note(dir string) string {
	if m.lostPackages == 0 && m.lostResponses == 0 {
		return ""
	}
	return fmt.Sprintf("%d packages and %d responses that were on disk are missing: the end of the newest log was lost; "+
		"compare `trackhook report counts` with what was sent here, then stop the host and remove %s/%s", m.lostPackages, m.lostResponses, dir, markFile)
}

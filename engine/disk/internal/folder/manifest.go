package folder

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/record"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// The first fields of an edit in a manifest. Pebble writes them in this order.
const (
	tagComparer = 1 // with a text
	tagLog      = 2 // with the number of the oldest log that is needed
)

// OldestLog returns the number of the oldest log that the database in dir needs: what was in those before is in tables. 0
// means that it cannot be told.
func OldestLog(files vfs.FS, dir string) (oldest uint64) {
	database, err := pebble.Peek(dir, files)
	if err != nil || !database.Exists {
		return 0
	}
	f, err := files.Open(database.ManifestFilename)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }() // it was only read
	for records := record.NewReader(f, 0); ; {
		next, err := records.Next()
		if err != nil {
			return oldest // the end; Pebble says what is wrong with a manifest
		}
		edit, err := io.ReadAll(next)
		if err != nil {
			return oldest
		}
		oldest = max(oldest, logOf(edit))
	}
}

// logOf returns the number of the oldest log that an edit names, 0 for none.
func logOf(edit []byte) uint64 {
	r := bytes.NewReader(edit)
	tag, err := binary.ReadUvarint(r)
	if err == nil && tag == tagComparer {
		length, err := binary.ReadUvarint(r)
		if err != nil || length > uint64(r.Len()) { //nolint:gosec // a length
			return 0
		}
		_, _ = r.Seek(int64(length), io.SeekCurrent) //nolint:gosec // it was compared
		tag, _ = binary.ReadUvarint(r)               // 0 at the end
	}
	if tag != tagLog {
		return 0
	}
	number, err := binary.ReadUvarint(r)
	if err != nil {
		return 0
	}
	return number
}

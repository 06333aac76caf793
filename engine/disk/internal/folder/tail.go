package folder

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// What Pebble's log is made of: blocks with chunks, none of which goes over the end of its block. A chunk begins with a
// checksum of what follows its size, the size of its payload, its kind, the number of the log, and up to where the log had
// been synced when it was written.
const (
	blockBytes       = 32 << 10
	chunkHeaderBytes = 19
	// chunkFull and chunkLast are the first and last of the kinds that say up to where the log was synced.
	chunkFull, chunkLast = 9, 12
)

// checkTail refuses a store whose newest log is damaged within what had been synced. Pebble looks for that from block to
// block: in the last block it takes damage for the end that a crash leaves. A later chunk that says that the log had been
// synced beyond the damage tells one from the other. Of the last chunk, nothing can tell.
func checkTail(files vfs.FS, dir string) error {
	names, err := files.List(dir)
	if err != nil {
		return fmt.Errorf("list data folder: %w", err)
	}
	newest := ""
	for _, name := range names {
		if strings.HasSuffix(name, ".log") {
			newest = max(newest, name)
		}
	}
	number, err := strconv.ParseUint(strings.TrimSuffix(newest, ".log"), 10, 64)
	if newest == "" || err != nil {
		return nil //nolint:nilerr // it is not one of Pebble's
	}
	text, err := readFile(files, files.PathJoin(dir, newest))
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	log := []byte(text)
	end := endOfChunks(log, uint32(number)) //nolint:gosec // chunks hold the lower half
	for at := end + 1; at+chunkHeaderBytes <= len(log); at++ {
		if size, synced := chunk(log, at, uint32(number)); size > 0 && synced > uint64(end) { //nolint:gosec // as above
			return fmt.Errorf("%s is damaged at byte %d, and at least %d bytes from there on had been written safely; %s",
				newest, end, synced-uint64(end), WayOn) //nolint:gosec // not negative
		}
	}
	return nil
}

// endOfChunks returns where the first chunk begins that is not right.
func endOfChunks(log []byte, number uint32) (at int) {
	for at < len(log) {
		if left := blockBytes - at%blockBytes; left < chunkHeaderBytes {
			at += left
			continue
		}
		size, _ := chunk(log, at, number)
		if size == 0 {
			return at
		}
		at += size
	}
	return at
}

// chunk returns the size of the chunk at a place, and what it says of the last sync; 0 when there is none of this log.
func chunk(log []byte, at int, number uint32) (size int, synced uint64) {
	if at+chunkHeaderBytes > len(log) {
		return 0, 0
	}
	head := log[at : at+chunkHeaderBytes]
	size = chunkHeaderBytes + int(binary.LittleEndian.Uint16(head[4:]))
	if head[6] < chunkFull || head[6] > chunkLast || binary.LittleEndian.Uint32(head[7:]) != number ||
		at%blockBytes+size > blockBytes || at+size > len(log) {
		return 0, 0
	}
	sum := crc32.Checksum(log[at+6:at+size], crc32.MakeTable(crc32.Castagnoli))
	if sum = sum>>15 | sum<<17; sum+0xa282ead8 != binary.LittleEndian.Uint32(head) {
		return 0, 0
	}
	return size, binary.LittleEndian.Uint64(head[11:])
}

package format

import "encoding/binary"

// Version is the version of the format as a whole, which a store keeps under [VersionKey]. 2 has an index of what is due for
// each app, sessions that overtake, counts and runs.
const Version = 2

// AppendVersion writes the value of [VersionKey].
func AppendVersion(b []byte) []byte { return binary.AppendUvarint(b, Version) }

// DecodeVersion is the inverse of AppendVersion. The version may be another than this program's.
func DecodeVersion(value []byte) (uint64, error) {
	r := newReader(value)
	version := r.uvarint()
	return version, r.end("format")
}

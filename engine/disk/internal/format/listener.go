package format

import "encoding/binary"

// Cursor is the place of a listener in the log.
type Cursor struct {
	Seq uint64
	// Touched is when it was last enrolled or committed, in nanoseconds of the steady clock.
	Touched int64
	// Since is the first of the responses up to Seq that were handled by Version. Behind Seq: none was.
	Since   uint64
	Version string
}

// AppendCursor writes a Cursor.
func AppendCursor(b []byte, c Cursor) []byte {
	b = append(b, cursorVersion)
	b = binary.AppendUvarint(b, c.Seq)
	b = binary.AppendVarint(b, c.Touched)
	b = binary.AppendUvarint(b, c.Since)
	return appendString(b, c.Version)
}

// DecodeCursor is the inverse of AppendCursor.
func DecodeCursor(value []byte) (Cursor, error) {
	r := newReader(value)
	r.version(cursorVersion)
	c := Cursor{Seq: r.uvarint(), Touched: r.varint(), Since: r.uvarint(), Version: r.string()}
	return c, r.end("cursor")
}

// Stretch is a part of the log that one version of a listener has handled, from Since to Until, both included. The newest of
// each listener is in its cursor, so that a listener that goes on writes nothing more.
type Stretch struct {
	Since, Until uint64
	Version      string
}

// AppendStretch writes a Stretch, save where it begins, which is in the key.
func AppendStretch(b []byte, s *Stretch) []byte {
	b = append(b, runVersion)
	b = binary.AppendUvarint(b, s.Until)
	return appendString(b, s.Version)
}

// DecodeStretch is the inverse of AppendStretch.
func DecodeStretch(since uint64, value []byte) (Stretch, error) {
	r := newReader(value)
	r.version(runVersion)
	s := Stretch{Since: since, Until: r.uvarint(), Version: r.string()}
	return s, r.end("runs")
}

// AppendFailure writes the error of a run.
func AppendFailure(b []byte, text string) []byte { return appendString(append(b, runVersion), text) }

// DecodeFailure is the inverse of AppendFailure.
func DecodeFailure(value []byte) (text string, err error) {
	r := newReader(value)
	r.version(runVersion)
	text = r.string()
	return text, r.end("run")
}

package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
)

const day = 24 * time.Hour

// maxOutcomes bounds the outcomes of a row: their numbers are bytes elsewhere.
const maxOutcomes = 1 << 8

// CountKey says what a row of counts is about.
type CountKey struct {
	Day                                  uint32 // since 1970
	Token, Environment, Kind, EventToken string
}

// CountKeyOf returns the row that a package counts in.
func CountKeyOf(p *engine.Package) CountKey {
	return CountKey{
		Day: DayOf(p.Created), Token: p.App.Token, Environment: string(p.App.Environment), Kind: string(p.Kind),
		EventToken: p.EventToken(),
	}
}

// DayOf returns the day of a time, in UTC, counted since 1970. Days before are 0.
func DayOf(t time.Time) uint32 {
	days := max(t.Unix(), 0) / int64(day/time.Second)
	return uint32(min(days, 1<<31)) //nolint:gosec // it was bounded
}

// DayKey is before all keys of a day.
func DayKey(day uint32) []byte { return binary.BigEndian.AppendUint32([]byte{byte(CountsOfDay)}, day) }

// CountsKey is the key of a row of counts.
func CountsKey(key []byte, c *CountKey) []byte {
	key = binary.BigEndian.AppendUint32(append(key[:0], byte(CountsOfDay)), c.Day)
	for _, part := range []string{c.Token, c.Environment, c.Kind, c.EventToken} {
		key = appendPart(key, part)
	}
	return key
}

// CutCountKey is the inverse of CountsKey.
func CutCountKey(key []byte) (CountKey, error) {
	if len(key) < 5 {
		return CountKey{}, fmt.Errorf("stored key %q is too short", key)
	}
	c := CountKey{Day: binary.BigEndian.Uint32(key[1:])}
	rest := key[5:]
	for _, part := range []*string{&c.Token, &c.Environment, &c.Kind, &c.EventToken} {
		var err error
		if *part, rest, err = cutPart(rest); err != nil {
			return CountKey{}, err
		}
	}
	return c, nil
}

// Counts is a row of counts.
type Counts struct {
	Accepted, Ambiguous uint64
	Outcomes            []uint64 // by outcome
}

// Add counts an attempt.
func (c *Counts) Add(outcome engine.Outcome, ambiguous bool) {
	for len(c.Outcomes) <= int(outcome) {
		c.Outcomes = append(c.Outcomes, 0)
	}
	c.Outcomes[outcome]++
	if ambiguous {
		c.Ambiguous++
	}
}

// AppendCounts writes Counts.
func AppendCounts(b []byte, c *Counts) []byte {
	b = append(b, countVersion)
	b = binary.AppendUvarint(b, c.Accepted)
	b = binary.AppendUvarint(b, c.Ambiguous)
	b = binary.AppendUvarint(b, uint64(len(c.Outcomes)))
	for _, n := range c.Outcomes {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// DecodeCounts is the inverse of AppendCounts.
func DecodeCounts(value []byte) (Counts, error) {
	r := newReader(value)
	r.version(countVersion)
	c := Counts{Accepted: r.uvarint(), Ambiguous: r.uvarint()}
	n := r.uvarint()
	if n > maxOutcomes {
		r.fail(errors.New("there are not so many outcomes"))
		n = 0
	}
	c.Outcomes = make([]uint64, n)
	for i := range c.Outcomes {
		c.Outcomes[i] = r.uvarint()
	}
	return c, r.end("counts")
}

package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"trackhook/engine"
)

// The first byte of a key says what it is. FORMAT.md describes every key and value.
const (
	prefixPackage  byte = 'q' // package number -> package
	prefixBehind   byte = 'k' // lane, package number -> whether it is a session: the packages behind the front of a lane
	prefixSession  byte = 's' // lane, package number -> nothing: those of them that are sessions
	prefixLane     byte = 'l' // lane -> lane record
	prefixDue      byte = 'd' // app, due, package number -> device: the next of each lane
	prefixResponse byte = 'r' // sequence number -> response
	prefixID       byte = 'i' // package ID -> state of the package
	prefixDead     byte = 'x' // sequence number of the burial -> dead letter
	prefixGrave    byte = 'y' // lane, sequence number of the burial -> nothing
	prefixCount    byte = 'n' // day, app, kind, event token -> counts
	prefixStretch  byte = 'u' // listener, sequence number -> how it handled the responses from there
	prefixFailure  byte = 'f' // sequence number, listener -> error of the run
	prefixCursor   byte = 'c' // listener -> cursor
	prefixValue    byte = 'v' // space, key -> value
	prefixMeta     byte = 'm' // name -> what the store knows about itself
)

const (
	metaFormat = "format"
	metaState  = "state"
)

// A part of a key that more follows ends in terminator, and a zero byte inside it is written as zeroByte, so that no
// part is a prefix of another and the order of the bytes is the order of the parts.
const (
	terminator = "\x00\x01"
	zeroByte   = "\x00\xff"
)

func appendPart(key []byte, part string) []byte {
	for i := range len(part) {
		if part[i] == 0 {
			key = append(key, zeroByte...)
			continue
		}
		key = append(key, part[i])
	}
	return append(key, terminator...)
}

// cutPart is the inverse of appendPart.
func cutPart(key []byte) (part string, rest []byte, err error) {
	for i := 0; i+1 < len(key); i++ {
		if key[i] != 0 {
			continue
		}
		switch string(key[i : i+2]) {
		case terminator:
			return part + string(key[:i]), key[i+2:], nil
		case zeroByte:
			part += string(key[:i+1])
			key = key[i+2:]
			i = -1
		default:
			return "", nil, errors.New("stored key has a zero byte that is not escaped")
		}
	}
	return "", nil, errors.New("stored key ends inside a part")
}

// appendLane writes the identity of a lane: all devices of an app in one environment lie together.
func appendLane(key []byte, lane engine.Lane) []byte {
	key = appendPart(key, lane.App.Token)
	key = appendPart(key, string(lane.App.Environment))
	return appendPart(key, lane.Device)
}

func appendNumber(key []byte, n uint64) []byte { return binary.BigEndian.AppendUint64(key, n) }

func numberKey(key []byte, prefix byte, n uint64) []byte {
	return appendNumber(append(key[:0], prefix), n)
}

// number reads the number of a key that numberKey made.
func number(key []byte) (uint64, error) {
	if len(key) != 9 {
		return 0, fmt.Errorf("stored key %q should have 9 bytes", key)
	}
	return binary.BigEndian.Uint64(key[1:]), nil
}

func textKey(key []byte, prefix byte, text string) []byte {
	return append(append(key[:0], prefix), text...)
}

func laneKey(key []byte, lane string) []byte { return textKey(key, prefixLane, lane) }

// inLaneKey makes the key of something that a lane has many of.
func inLaneKey(key []byte, prefix byte, lane string, n uint64) []byte {
	return appendNumber(textKey(key, prefix, lane), n)
}

// cutInLane is the inverse of inLaneKey.
func cutInLane(key []byte) (lane []byte, n uint64, err error) {
	if len(key) < 9 {
		return nil, 0, fmt.Errorf("stored key %q should end in a number", key)
	}
	end := len(key) - 8
	return key[1:end], binary.BigEndian.Uint64(key[end:]), nil
}

// appOf returns the part of a lane that says which app it is of.
func appOf(lane string) string {
	token := strings.Index(lane, terminator) + len(terminator)
	return lane[:token+strings.Index(lane[token:], terminator)+len(terminator)]
}

// appName writes an app as its lanes begin.
func appName(app engine.App) string {
	return string(appendPart(appendPart(nil, app.Token), string(app.Environment)))
}

// parseLane is the inverse of appendLane.
func parseLane(name []byte) (engine.Lane, error) {
	var parts [3]string
	for i := range parts {
		var err error
		if parts[i], name, err = cutPart(name); err != nil {
			return engine.Lane{}, err
		}
	}
	if len(name) > 0 {
		return engine.Lane{}, errors.New("stored lane has more than three parts")
	}
	return engine.Lane{App: engine.App{Token: parts[0], Environment: engine.Environment(parts[1])}, Device: parts[2]}, nil
}

// place is where a lane stands in the order of leasing: by due time, and among equals by the age of its next package.
type place struct {
	due    int64  // nanoseconds of the steady clock
	number uint64 // of the package
}

func (p place) before(other place) bool {
	if p.due != other.due {
		return p.due < other.due
	}
	return p.number < other.number
}

// dueKey needs no more of a lane than its app; the rest is the value.
func dueKey(key []byte, app string, at place) []byte {
	return appendNumber(appendNumber(textKey(key, prefixDue, app), uint64(at.due)), at.number) //nolint:gosec // due is never negative
}

// cutDue is the inverse of dueKey.
func cutDue(key []byte) (app []byte, at place, err error) {
	if len(key) < 17 {
		return nil, place{}, fmt.Errorf("stored key %q should have at least 17 bytes", key)
	}
	end := len(key) - 16
	return key[1:end], place{
		due:    int64(binary.BigEndian.Uint64(key[end:])), //nolint:gosec // written by dueKey
		number: binary.BigEndian.Uint64(key[end+8:]),
	}, nil
}

func valueKey(key []byte, space, name string) []byte {
	return append(appendPart(append(key[:0], prefixValue), space), name...)
}

// after returns the first key behind all keys that begin with prefix.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		end[i]++
		if end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

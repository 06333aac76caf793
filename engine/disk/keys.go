package disk

import (
	"encoding/binary"
	"errors"
	"fmt"

	"trackhook/engine"
)

// The first byte of a key says what it is. FORMAT.md describes every key and value.
const (
	prefixPackage  byte = 'q' // package number -> package
	prefixBehind   byte = 'k' // lane, package number -> nothing: the packages behind the head of a lane
	prefixLane     byte = 'l' // lane -> lane record
	prefixDue      byte = 'd' // due, package number of the head -> lane
	prefixResponse byte = 'r' // sequence number -> response
	prefixID       byte = 'i' // package ID -> state of the package
	prefixDead     byte = 'x' // package number -> dead letter
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

func behindKey(key []byte, lane string, n uint64) []byte {
	return appendNumber(textKey(key, prefixBehind, lane), n)
}

// place is where a lane stands in the order of leasing: by due time, and among equals by the age of its head.
type place struct {
	due  int64 // nanoseconds of the steady clock
	head uint64
}

func (p place) before(other place) bool {
	if p.due != other.due {
		return p.due < other.due
	}
	return p.head < other.head
}

func dueKey(key []byte, at place) []byte {
	return appendNumber(appendNumber(append(key[:0], prefixDue), uint64(at.due)), at.head) //nolint:gosec // due is never negative
}

func duePlace(key []byte) (place, error) {
	if len(key) != 17 {
		return place{}, fmt.Errorf("stored key %q should have 17 bytes", key)
	}
	return place{
		due:  int64(binary.BigEndian.Uint64(key[1:])), //nolint:gosec // written by dueKey
		head: binary.BigEndian.Uint64(key[9:]),
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

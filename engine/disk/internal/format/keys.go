package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"trackhook/engine"
)

// Prefix is the first byte of a key. It says what the key is of.
type Prefix byte

// FORMAT.md describes the key and the value of each.
const (
	Packages      Prefix = 'q' // package number -> package
	Behind        Prefix = 'k' // lane, package number -> whether it is a session: the packages behind the front of a lane
	Sessions      Prefix = 's' // lane, package number -> nothing: those of them that are sessions
	Lanes         Prefix = 'l' // lane -> lane record
	Due           Prefix = 'd' // app, due, package number -> device: the next of each lane
	Responses     Prefix = 'r' // sequence number -> response
	IDs           Prefix = 'i' // package ID -> state of the package
	DeadLetters   Prefix = 'x' // sequence number of the burial -> dead letter
	DeadInLane    Prefix = 'y' // lane, sequence number of the burial -> nothing
	CountsOfDay   Prefix = 'n' // day, app, kind, event token -> counts
	Stretches     Prefix = 'u' // listener, sequence number -> how it handled the responses from there
	Failures      Prefix = 'f' // sequence number, listener -> error of the run
	Cursors       Prefix = 'c' // listener -> cursor
	Values        Prefix = 'v' // space, key -> value
	aboutTheStore Prefix = 'm' // name -> what the store knows about itself
)

// Holds says in a word or two what the keys of a prefix hold, as people speak of it.
func (p Prefix) Holds() string {
	names := map[Prefix]string{
		Packages: "queued packages", Behind: "places in queues", Sessions: "places of sessions", Lanes: "records of devices",
		Due: "due times", Responses: "responses", IDs: "package IDs", DeadLetters: "dead letters",
		DeadInLane: "places of dead letters", CountsOfDay: "counts", Stretches: "runs of plugins", Failures: "errors of plugins",
		Cursors: "places of plugins in the log", Values: "values of plugins", aboutTheStore: "counts of the store",
	}
	if name := names[p]; name != "" {
		return name
	}
	return "entries"
}

// Bounds returns what all keys of a prefix lie between: from lower on, and before upper.
func (p Prefix) Bounds() (lower, upper []byte) { return []byte{byte(p)}, []byte{byte(p) + 1} }

// After returns the first key behind all keys that begin with start; nil when there can be none.
func After(start []byte) []byte {
	end := append([]byte(nil), start...)
	for i := len(end) - 1; i >= 0; i-- {
		end[i]++
		if end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// VersionKey is the key of the version of the format.
func VersionKey(key []byte) []byte { return textKey(key, aboutTheStore, "format") }

// StateKey is the key of the [State].
func StateKey(key []byte) []byte { return textKey(key, aboutTheStore, "state") }

// PackageKey is the key of a queued package.
func PackageKey(key []byte, number uint64) []byte { return numberKey(key, Packages, number) }

// IDKey is the key of a package ID.
func IDKey(key []byte, id string) []byte { return textKey(key, IDs, id) }

// ResponseKey is the key of a response in the log.
func ResponseKey(key []byte, seq uint64) []byte { return numberKey(key, Responses, seq) }

// CutResponseKey is the inverse of ResponseKey.
func CutResponseKey(key []byte) (seq uint64, err error) {
	if len(key) != 9 {
		return 0, fmt.Errorf("stored key %q should have 9 bytes", key)
	}
	return binary.BigEndian.Uint64(key[1:]), nil
}

// DeadLetterKey is the key of a dead letter. seq is that of the response that buried it.
func DeadLetterKey(key []byte, seq uint64) []byte { return numberKey(key, DeadLetters, seq) }

// CursorKey is the key of the cursor of a listener.
func CursorKey(key []byte, listener string) []byte { return textKey(key, Cursors, listener) }

// StretchKey is the key of the stretch of a listener that begins at a response. [CutNumber] reads that.
func StretchKey(key []byte, listener string, since uint64) []byte {
	return AppendNumber(StretchesKey(key, listener), since)
}

// StretchesKey is what the keys of all stretches of a listener begin with.
func StretchesKey(key []byte, listener string) []byte {
	return appendPart(append(key[:0], byte(Stretches)), listener)
}

// FailureKey is the key of the error of a listener's run for a response. With an empty listener it is before all of the
// response.
func FailureKey(key []byte, seq uint64, listener string) []byte {
	return append(numberKey(key, Failures, seq), listener...)
}

// ValueKey is the key of a value in a space. With an empty name, all keys of the space begin with it.
func ValueKey(key []byte, space, name string) []byte {
	return append(appendPart(append(key[:0], byte(Values)), space), name...)
}

// CutFailureKey is the inverse of FailureKey.
func CutFailureKey(key []byte) (seq uint64, listener string, err error) {
	if len(key) < 9 {
		return 0, "", fmt.Errorf("stored key %q should have at least 9 bytes", key)
	}
	return binary.BigEndian.Uint64(key[1:]), string(key[9:]), nil
}

// CutStretchKey is the inverse of StretchKey.
func CutStretchKey(key []byte) (listener string, since uint64, err error) {
	name, since, err := CutNumber(key)
	if err == nil {
		listener, name, err = cutPart(name)
	}
	if err == nil && len(name) > 0 {
		err = fmt.Errorf("stored key %q has more than a listener and a number", key)
	}
	return listener, since, err
}

// CutValueKey is the inverse of ValueKey.
func CutValueKey(key []byte) (space, name string, err error) {
	if len(key) < 1 {
		return "", "", errors.New("stored key is empty")
	}
	space, rest, err := cutPart(key[1:])
	return space, string(rest), err
}

// LaneKey is the key of a lane, as [AppendLane] writes it. With the beginning of a lane it is what the keys of all lanes
// begin with that begin so.
func LaneKey(key []byte, lane string) []byte { return textKey(key, Lanes, lane) }

// InLaneKey is what all keys of a lane begin with in an index where a lane may have many: [Behind], [Sessions] and
// [DeadInLane]. A number follows.
func InLaneKey(key []byte, index Prefix, lane string) []byte { return textKey(key, index, lane) }

// InLaneNumberKey is the key of a number in an index where a lane may have many: of a package, or of a burial.
func InLaneNumberKey(key []byte, index Prefix, lane string, number uint64) []byte {
	return AppendNumber(textKey(key, index, lane), number)
}

// CutNumber cuts a key that ends in a number. Of one that InLaneNumberKey made, what is before it is the lane.
func CutNumber(key []byte) (before []byte, number uint64, err error) {
	if len(key) < 9 {
		return nil, 0, fmt.Errorf("stored key %q should end in a number", key)
	}
	end := len(key) - 8
	return key[1:end], binary.BigEndian.Uint64(key[end:]), nil
}

// AppendNumber appends a number in such a way that the order of the bytes is the order of the numbers.
func AppendNumber(key []byte, n uint64) []byte { return binary.BigEndian.AppendUint64(key, n) }

func numberKey(key []byte, prefix Prefix, n uint64) []byte {
	return AppendNumber(append(key[:0], byte(prefix)), n)
}

func textKey(key []byte, prefix Prefix, text string) []byte {
	return append(append(key[:0], byte(prefix)), text...)
}

// Place is where a lane stands in the order of leasing: by due time, and among equals by the age of its next package.
type Place struct {
	Due    int64  // nanoseconds of the steady clock
	Number uint64 // of the package
}

// Before tells whether a place comes first.
func (p Place) Before(other Place) bool {
	if p.Due != other.Due {
		return p.Due < other.Due
	}
	return p.Number < other.Number
}

// DueKey is the key of a place in the index of what is due of an app. It needs no more of a lane than its app; the rest is
// the value.
func DueKey(key []byte, app string, at Place) []byte {
	return AppendNumber(AppendNumber(DueAppKey(key, app), uint64(at.Due)), at.Number) //nolint:gosec // due is never negative
}

// DueAppKey is what all keys of an app in that index begin with.
func DueAppKey(key []byte, app string) []byte { return textKey(key, Due, app) }

// CutDueKey is the inverse of DueKey.
func CutDueKey(key []byte) (app []byte, at Place, err error) {
	if len(key) < 17 {
		return nil, Place{}, fmt.Errorf("stored key %q should have at least 17 bytes", key)
	}
	end := len(key) - 16
	return key[1:end], Place{
		Due:    int64(binary.BigEndian.Uint64(key[end:])), //nolint:gosec // written by DueKey
		Number: binary.BigEndian.Uint64(key[end+8:]),
	}, nil
}

// AppendLane writes the identity of a lane: all devices of an app in one environment lie together.
func AppendLane(b []byte, lane engine.Lane) []byte {
	b = appendPart(b, lane.App.Token)
	b = appendPart(b, string(lane.App.Environment))
	return appendPart(b, lane.Device)
}

// LaneName is what AppendLane writes, as a string.
func LaneName(lane engine.Lane) string { return string(AppendLane(nil, lane)) }

// CutLane is the inverse of AppendLane.
func CutLane(name []byte) (engine.Lane, error) {
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

// LanesOf returns what the names of all lanes begin with of an app token, of an environment of it, or of a device of that:
// as far as they are given, each only after the one before.
func LanesOf(token string, environment engine.Environment, device string) []byte {
	var name []byte
	for _, part := range []string{token, string(environment), device} {
		if part == "" {
			break
		}
		name = appendPart(name, part)
	}
	return name
}

// AppName writes an app as its lanes begin.
func AppName(app engine.App) string {
	return string(appendPart(appendPart(nil, app.Token), string(app.Environment)))
}

// AppOfLane returns the part of a lane that says which app it is of.
func AppOfLane(lane string) string {
	token := strings.Index(lane, terminator) + len(terminator)
	return lane[:token+strings.Index(lane[token:], terminator)+len(terminator)]
}

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

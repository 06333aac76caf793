package format

import (
	"encoding/binary"
	"errors"
	"time"

	"trackhook/engine"
)

// QueuedPackage is a package as it is queued.
type QueuedPackage struct {
	Accepted time.Time
	// Previous is the sequence number of its last response before it was queued: not 0 for what was a dead letter.
	Previous uint64
	Package  engine.Package
}

// AppendPackage writes a package as it is queued. Equal packages have equal bytes.
func AppendPackage(b []byte, accepted time.Time, previous uint64, p *engine.Package) []byte {
	b = append(b, packageVersion)
	b = appendTime(b, accepted)
	b = binary.AppendUvarint(b, previous)
	return appendPackageFields(b, p)
}

// DecodePackage is the inverse of AppendPackage.
func DecodePackage(value []byte) (QueuedPackage, error) { return DecodePackageText(string(value)) }

// DecodePackageText is DecodePackage for a value that never changes, of which the package takes its parts.
func DecodePackageText(value string) (QueuedPackage, error) {
	r := &reader{rest: value}
	r.version(packageVersion)
	q := QueuedPackage{Accepted: r.time(), Previous: r.uvarint()}
	q.Package = r.packageFields()
	return q, r.end("package")
}

// DecodeRemains reads what can still be read of a damaged package: its ID and its kind, both empty when nothing can. Neither
// is to be believed before something else confirms it.
func DecodeRemains(value []byte) (id string, kind engine.Kind) {
	r := newReader(value)
	r.version(packageVersion)
	r.time()
	r.uvarint()
	return r.string(), engine.Kind(r.string())
}

// appendPackageFields begins with the ID, because retention reads only that.
func appendPackageFields(b []byte, p *engine.Package) []byte {
	b = appendString(b, p.ID)
	b = appendString(b, string(p.Kind))
	b = appendString(b, p.App.Token)
	b = appendString(b, string(p.App.Environment))
	b = appendString(b, p.Device)
	b = appendString(b, p.CallbackID)
	b = appendTime(b, p.Created)
	b = appendPairs(b, p.Params)
	b = appendPairs(b, p.CallbackParams)
	return appendPairs(b, p.PartnerParams)
}

func (r *reader) packageFields() engine.Package {
	return engine.Package{
		ID:             r.string(),
		Kind:           engine.Kind(r.string()),
		App:            engine.App{Token: r.string(), Environment: engine.Environment(r.string())},
		Device:         r.string(),
		CallbackID:     r.string(),
		Created:        r.time(),
		Params:         r.pairs(),
		CallbackParams: r.pairs(),
		PartnerParams:  r.pairs(),
	}
}

// IDState is the state of a package.
type IDState uint8

// The states of a package. The numbers are stored.
const (
	IDQueued IDState = iota + 1
	IDDead
	IDFinal
)

// IDRecord is what an ID leads to.
type IDRecord struct {
	State IDState
	// Number is where the package is: its package number, of a dead letter the sequence number of its burial.
	Number uint64
	// Last is the sequence number of its last response. Of a queued package it is the one from before it was queued, 0
	// for none; the lane record knows those since.
	Last uint64
}

// AppendIDRecord writes an IDRecord.
func AppendIDRecord(b []byte, i IDRecord) []byte {
	b = append(b, idVersion, byte(i.State))
	b = binary.AppendUvarint(b, i.Number)
	return binary.AppendUvarint(b, i.Last)
}

// DecodeIDRecord is the inverse of AppendIDRecord.
func DecodeIDRecord(value []byte) (IDRecord, error) {
	r := newReader(value)
	r.version(idVersion)
	i := IDRecord{State: IDState(r.byte()), Number: r.uvarint(), Last: r.uvarint()}
	if r.err == nil && (i.State < IDQueued || i.State > IDFinal) {
		r.fail(errors.New("state is unknown"))
	}
	return i, r.end("ID")
}

package disk

import (
	"encoding/binary"
	"time"

	"trackhook/engine"
)

const packageVersion = 1

// stored is a package as it is queued.
type stored struct {
	accepted time.Time
	// previous is the sequence number of its last response before it was queued: not 0 for what was a dead letter.
	previous uint64
	pkg      engine.Package
}

// appendPackage writes a package as it is queued. Equal packages have equal bytes.
func appendPackage(b []byte, accepted time.Time, previous uint64, p *engine.Package) []byte {
	b = append(b, packageVersion)
	b = appendTime(b, accepted)
	b = binary.AppendUvarint(b, previous)
	return appendPackageFields(b, p)
}

func decodePackage(value []byte) (stored, error) {
	r := newReader(value)
	r.version(packageVersion)
	s := stored{accepted: r.time(), previous: r.uvarint()}
	s.pkg = r.packageFields()
	return s, r.end("package")
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

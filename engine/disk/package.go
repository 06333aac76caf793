package disk

import (
	"time"

	"trackhook/engine"
)

const packageVersion = 1

// appendPackage writes a package as it is queued: the time at which it was accepted, and all its fields. Equal
// packages have equal bytes.
func appendPackage(b []byte, accepted time.Time, p *engine.Package) []byte {
	b = append(b, packageVersion)
	b = appendTime(b, accepted)
	return appendPackageFields(b, p)
}

func decodePackage(value []byte) (accepted time.Time, p engine.Package, err error) {
	r := newReader(value)
	r.version(packageVersion)
	accepted = r.time()
	p = r.packageFields()
	return accepted, p, r.end("package")
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

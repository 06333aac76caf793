package wire

import (
	"time"

	"trackhook/engine"
)

// AppendPackage appends a package.
func AppendPackage(b []byte, p *engine.Package) []byte {
	for _, s := range [...]string{p.ID, string(p.Kind), p.App.Token, string(p.App.Environment), p.Device, p.CallbackID} {
		b = AppendString(b, s)
	}
	b = AppendMap(AppendMap(AppendMap(b, p.Params), p.CallbackParams), p.PartnerParams)
	return AppendTime(b, p.Created)
}

// Package reads a package.
func (f *Fields) Package() (p engine.Package) {
	p.ID, p.Kind = f.Text(), engine.Kind(f.Text())
	p.App = engine.App{Token: f.Text(), Environment: engine.Environment(f.Text())}
	p.Device, p.CallbackID = f.Text(), f.Text()
	p.Params, p.CallbackParams, p.PartnerParams = f.Map(), f.Map(), f.Map()
	p.Created = f.Time()
	return p
}

// AppendPackages appends packages.
func AppendPackages(b []byte, packages []engine.Package) []byte {
	b = AppendNumber(b, uint64(len(packages)))
	for n := range packages {
		b = AppendPackage(b, &packages[n])
	}
	return b
}

// Packages reads packages.
func (f *Fields) Packages() []engine.Package {
	var packages []engine.Package
	for range f.count() {
		packages = append(packages, f.Package())
		if f.err != nil {
			return nil
		}
	}
	return packages
}

// Result is how a Handle went.
type Result struct {
	// Handled counts from the front. Runs and Failures are those of the version since it has started.
	Handled, Runs, Failures uint64
	// P50 and P99 are its times.
	P50, P99 time.Duration
	// Failed are the errors of responses by their numbers, none of which is above the last that was handled.
	Failed map[uint64]string
	// Spent tells that a runtime was lost, whose goroutine may go on: the process is of no use any more.
	Spent bool
	// Overran tells that a run was interrupted at the time limit.
	Overran bool
	// Error is why the version cannot run; empty: it can.
	Error string
}

// AppendResult appends a result.
func AppendResult(b []byte, r *Result) []byte {
	b = AppendNumber(AppendNumber(AppendNumber(b, r.Handled), r.Runs), r.Failures)
	b = AppendInt(AppendInt(b, int64(r.P50)), int64(r.P99))
	b = AppendNumber(b, uint64(len(r.Failed)))
	for seq, text := range r.Failed {
		b = AppendString(AppendNumber(b, seq), text)
	}
	return AppendString(AppendBool(AppendBool(b, r.Spent), r.Overran), r.Error)
}

// Result reads a result.
func (f *Fields) Result() (r Result) {
	r.Handled, r.Runs, r.Failures = f.Number(), f.Number(), f.Number()
	r.P50, r.P99 = time.Duration(f.Int()), time.Duration(f.Int())
	for range f.count() {
		if r.Failed == nil {
			r.Failed = map[uint64]string{}
		}
		seq := f.Number()
		r.Failed[seq] = f.Text()
	}
	r.Spent, r.Overran, r.Error = f.Bool(), f.Bool(), f.Text()
	return r
}

// Said is a line of the log without fields of its own: most of what scripts print.
type Said struct {
	Level int8
	// Seq is the response that the plugin ran on. Zero: none.
	Seq           uint64
	Version, Text string
}

// AppendSaid appends a line.
func AppendSaid(b []byte, s *Said) []byte {
	return AppendString(AppendString(AppendNumber(append(b, byte(s.Level)), s.Seq), s.Version), s.Text) //nolint:gosec // read back as it was
}

// Said reads a line; false: there is no further one, which is an error where there is something else.
func (f *Fields) Said() (s Said, ok bool) {
	if len(f.rest) == 0 {
		return Said{}, false
	}
	s.Level = int8(f.rest[0]) //nolint:gosec // as it was written
	f.rest = f.rest[1:]
	s.Seq, s.Version, s.Text = f.Number(), f.Text(), f.Text()
	return s, f.err == nil
}

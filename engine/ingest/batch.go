package ingest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// batch serves /v1/packages: all lines or none.
func (h *Handler) batch(w http.ResponseWriter, r *http.Request) *refusal {
	scopes, refused := h.authorize(r, nil)
	if refused != nil {
		return refused
	}
	held := holding{handler: h, client: clientOf(r, nil)}
	defer held.release()
	body, refused := h.read(w, r, h.cfg.MaxBatch, &held)
	if refused != nil {
		return refused
	}
	q, refused := h.lines(body, scopes, r.Header.Get("Idempotency-Key"))
	if refused != nil {
		return refused
	}
	repeat, refused := h.store(r, q)
	if refused != nil {
		if refused.field != "" {
			refused.line = lineOf(body, q.place)
		}
		return refused
	}
	packages := q.packages
	if repeat {
		w.Header().Set(replayed, "true")
	}
	answer := make([]byte, 0, 32+len(packages)*40)
	answer = append(answer, `{"accepted":`...)
	answer = strconv.AppendInt(answer, int64(len(packages)), 10)
	answer = append(answer, `,"ids":[`...)
	for i := range packages {
		if i > 0 {
			answer = append(answer, ',')
		}
		// IDs are made by the engine of hexadecimal digits and a letter: nothing to escape.
		answer = append(answer, '"')
		answer = append(answer, packages[i].ID...)
		answer = append(answer, '"')
	}
	answer = append(answer, "]}"...)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer) // the sender may have gone; the packages are stored all the same
	return nil
}

// lines reads all packages of a batch. batchKey is the Idempotency-Key of the request.
func (h *Handler) lines(body string, scopes Scopes, batchKey string) (*request, *refusal) {
	now := time.Now()
	lines := min(strings.Count(body, "\n")+1, h.cfg.MaxLines)
	packages := make([]engine.Package, 0, lines)
	var names []naming
	number := 0
	for text := range strings.SplitSeq(body, "\n") {
		number++
		if blankLine(text) {
			continue
		}
		if len(packages) == h.cfg.MaxLines {
			return nil, tooLarge("the batch has more than %d packages; send several", h.cfg.MaxLines)
		}
		p, how, refused := h.fromLine(text, scopes, batchKey, len(packages), now)
		if refused != nil {
			refused.line = number
			return nil, refused
		}
		if how != unnamed && names == nil {
			names = make([]naming, len(packages), lines)
		}
		if names != nil {
			names = append(names, how)
		}
		packages = append(packages, p)
	}
	if len(packages) == 0 {
		return nil, invalid("Empty batch", "", "the body has no packages; send one JSON object a line")
	}
	return &request{packages: packages, names: names}, nil
}

// fromLine makes the package of one line. place counts the packages before it.
func (h *Handler) fromLine(text string, scopes Scopes, batchKey string, place int, now time.Time) (p engine.Package, how naming, refused *refusal) {
	if int64(len(text)) > h.cfg.MaxBody {
		return engine.Package{}, unnamed, tooLarge("the line has %d bytes; at most %d are taken", len(text), h.cfg.MaxBody)
	}
	l, refused := parseLine(text)
	if refused != nil {
		return engine.Package{}, unnamed, refused
	}
	p = l.pkg
	if p.Kind.Known() {
		if refused := scopes.allow(p.Kind); refused != nil {
			return engine.Package{}, unnamed, refused
		}
	}
	if refused := h.addDevice(&p); refused != nil {
		return engine.Package{}, unnamed, refused
	}
	if l.key == "" && batchKey != "" {
		refused = h.prepare(&p, batchKey, now, "line", strconv.Itoa(place))
	} else {
		refused = h.prepare(&p, l.key, now)
	}
	if refused != nil {
		return engine.Package{}, unnamed, refused
	}
	return p, namingOf(&p, l.key, batchKey), nil
}

// lineOf returns the line of the package with that index, from 1.
func lineOf(body string, index int) int {
	number := 0
	for text := range strings.SplitSeq(body, "\n") {
		number++
		if blankLine(text) {
			continue
		}
		if index--; index < 0 {
			break
		}
	}
	return number
}

// blankLine tells whether a line of a batch is skipped.
func blankLine(text string) bool { return strings.Trim(text, " \t\r"+mark) == "" }

// addDevice makes the device of a line one of its parameters, because only these are sent.
func (h *Handler) addDevice(p *engine.Package) *refusal {
	if p.Device == "" {
		return nil
	}
	name, id, ok := strings.Cut(p.Device, "=")
	if !ok || id == "" || !h.deviceIDs[name] {
		return invalid("Invalid device identifier", "device",
			"device %s must be KIND=ID with a device id parameter as KIND, such as gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d", engine.Quote(p.Device))
	}
	if given, ok := p.Params[name]; ok && given != id {
		return invalid("Invalid device identifier", "device", "device says %s and params say %s=%s; send one of them", engine.Quote(p.Device), name, engine.Quote(given))
	}
	if p.Params == nil {
		p.Params = make(map[string]string, 1)
	}
	p.Params[name] = id
	return nil
}

package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"trackhook/engine"
)

// Control requests are small, and answers are pages.
const (
	maxControlBytes = 1 << 20
	defaultPage     = 100
	maxPage         = 10_000
)

// routes makes the handler of the paths under /sandbox/.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sandbox/requests", s.getRequests)
	mux.HandleFunc("GET /sandbox/counts", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.Totals()) })
	mux.HandleFunc("GET /sandbox/devices", s.getDevices)
	mux.HandleFunc("POST /sandbox/forget", s.postForget)
	mux.HandleFunc("POST /sandbox/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		reply(w, map[string]string{"status": "OK"})
	})
	mux.HandleFunc("GET /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.Faults()) })
	mux.HandleFunc("POST /sandbox/faults", s.postFaults)
	mux.HandleFunc("DELETE /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		_ = s.SetFaults() // clearing cannot fail
		reply(w, s.Faults())
	})
	mux.HandleFunc("GET /sandbox/pace", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.Pace()) })
	mux.HandleFunc("PUT /sandbox/pace", s.putPace)
	return mux
}

// putPace changes what is named and keeps the rest.
func (s *Server) putPace(w http.ResponseWriter, r *http.Request) {
	pace := s.Pace()
	if !read(w, r, &pace) {
		return
	}
	if err := s.SetPace(pace); err != nil {
		refuseControl(w, http.StatusBadRequest, err)
		return
	}
	reply(w, s.Pace())
}

func (s *Server) getRequests(w http.ResponseWriter, r *http.Request) {
	after, limit, err := pageOf(r)
	if err != nil {
		refuseControl(w, http.StatusBadRequest, err)
		return
	}
	path, device := r.FormValue("path"), r.FormValue("device")
	requests := []Request{}
	s.mu.Lock()
	for q := range s.record.requests() {
		if q.Seq > after && (path == "" || q.Path == path) && (device == "" || q.Device == device) {
			if requests = append(requests, q); len(requests) == limit {
				break
			}
		}
	}
	s.mu.Unlock()
	reply(w, requests)
}

func (s *Server) getDevices(w http.ResponseWriter, r *http.Request) {
	after, limit, err := pageOf(r)
	if err != nil {
		refuseControl(w, http.StatusBadRequest, err)
		return
	}
	reply(w, s.Devices(int(min(after, 1<<31)), limit))
}

func (s *Server) postForget(w http.ResponseWriter, r *http.Request) {
	var which struct {
		App         string `json:"app_token"`
		Environment string `json:"environment"`
		Device      string `json:"device"`
	}
	if !read(w, r, &which) {
		return
	}
	if !s.Forget(engine.App{Token: which.App, Environment: engine.Environment(which.Environment)}, which.Device) {
		refuseControl(w, http.StatusNotFound, errors.New("no such device; app_token, environment and device (KIND=ID) must all fit, see /sandbox/devices"))
		return
	}
	reply(w, map[string]string{"status": "OK"})
}

func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	var faults []Fault
	if !read(w, r, &faults) {
		return
	}
	if err := s.SetFaults(faults...); err != nil {
		refuseControl(w, http.StatusBadRequest, err)
		return
	}
	reply(w, s.Faults())
}

// pageOf reads after and limit.
func pageOf(r *http.Request) (after uint64, limit int, err error) {
	limit = defaultPage
	if text := r.FormValue("after"); text != "" {
		if after, err = strconv.ParseUint(text, 10, 63); err != nil {
			return 0, 0, errors.New("after must be a whole number from 0")
		}
	}
	if text := r.FormValue("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxPage {
			return 0, 0, errors.New("limit must be a whole number from 1 to " + strconv.Itoa(maxPage))
		}
	}
	return after, limit, nil
}

// read decodes the body; false means that the error is answered.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	body := bufio.NewReader(http.MaxBytesReader(w, r.Body, maxControlBytes))
	if mark, _ := body.Peek(3); string(mark) == "\uFEFF" {
		_, _ = body.Discard(3) // a byte order mark, which is no part of the text; it is in the buffer
	}
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is something after the JSON value")
		}
	}
	if err != nil {
		refuseControl(w, http.StatusBadRequest, err)
		return false
	}
	return true
}

func reply(w http.ResponseWriter, v any) {
	write(w, answer{status: http.StatusOK, body: marshal(v) + "\n"})
}

func refuseControl(w http.ResponseWriter, status int, err error) {
	write(w, answer{status: status, body: marshal(map[string]string{"error": err.Error()}) + "\n"})
}

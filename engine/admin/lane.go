package admin

import (
	"net/http"
	"time"

	"trackhook/engine"
)

// Lane is the queue of one device.
type Lane struct {
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	Device      string             `json:"device"`
	// Queued counts the packages in it.
	Queued uint64 `json:"queued"`
	// Head is the id of the package that is sent next, and Due when.
	Head string    `json:"head"`
	Due  time.Time `json:"due,omitzero"`
	// Leased is true while the head is being sent; Waiting while it waits for a session of its device.
	Leased  bool `json:"leased"`
	Waiting bool `json:"waiting"`
	// ADID is Adjust's id of the device, and Session when its last session was accepted.
	ADID    string    `json:"adid,omitempty"`
	Session time.Time `json:"session,omitzero"`
	// WaitingOn is what the head waits for: sending (it is under way), device (a session of its device), time (its own), or
	// turn (nothing but others). HaltedBy says what keeps the whole app from being sent. Empty: nothing.
	WaitingOn string `json:"waiting_on"`
	HaltedBy  string `json:"halted_by,omitempty"`
	// Next is the head itself. Only when it was asked for, and where it can be read.
	Next *Package `json:"next,omitempty"`
}

// lanePage is one page of a list.
type lanePage struct {
	Lanes []Lane `json:"lanes"`
	Next  string `json:"next,omitempty"`
}

// lanes lists the lanes that hold packages.
func (a *api) lanes(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(appFilter(), "device", "heads", "page", "limit")...)
	if err != nil {
		return err
	}
	filter, err := q.filter(time.Now())
	if err != nil {
		return err
	}
	heads, err := q.flag("heads")
	if err != nil {
		return err
	}
	page, limit, err := q.page()
	if err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
	}
	rows, next, err := a.cfg.Inspector.Lanes(r.Context(), filter, page, limit)
	if err != nil {
		return pageError(page, err)
	}
	body := lanePage{Lanes: make([]Lane, len(rows)), Next: next}
	health, now := a.cfg.State(), time.Now()
	for i := range rows {
		row := &rows[i]
		body.Lanes[i] = Lane{
			AppToken: row.Lane.App.Token, Environment: row.Lane.App.Environment, Device: row.Lane.Device,
			Queued: row.Queued, Head: row.Head, Due: utc(row.Due), Leased: row.Leased, Waiting: row.Waiting,
			ADID: row.Device.ADID, Session: utc(row.Device.Session),
			WaitingOn: waitingOn(row, now), HaltedBy: a.halt(&health, row.Lane.App).words(),
		}
		if heads && row.Head != "" {
			state, err := a.cfg.Inspector.Package(r.Context(), row.Head)
			if err == nil { // it may have gone meanwhile, or be damaged
				body.Lanes[i].Next = new(a.row(&state))
			}
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}

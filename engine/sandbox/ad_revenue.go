package sandbox

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// adRevenueLocked counts ad revenue of a device that has a session.
func (s *Server) adRevenueLocked(q *Request, now time.Time) answer {
	bad := func(status int, message string) answer { return refuse(q, status, message) }
	d := s.findLocked(q)
	name := "revenue"
	if q.Params[name] == "" {
		name = "amount"
	}
	id := q.Params["deduplication_id"]
	switch {
	case d != nil && d.OptedOut:
		return bad(http.StatusUnavailableForLegalReasons, "Device is opted out")
	case d == nil || d.Sessions == 0:
		return bad(http.StatusNotFound, "Device not found")
	case q.Params["source"] == "":
		return bad(http.StatusBadRequest, "Missing source")
	case q.Params[name] == "" || !validRevenue(q.Params, name, 0):
		return bad(http.StatusBadRequest, "Invalid revenue")
	case !q.created.IsZero() && now.Sub(q.created) > maxRevenueAge:
		return bad(http.StatusBadRequest, "Ad revenue is older than 28 days")
	case id != "" && !d.remember("ad_revenue", id):
		return bad(http.StatusBadRequest, "Ignoring event, earlier unique event tracked")
	}
	d.AdRevenues++
	return s.ok()
}

// validRevenue checks revenue and currency where there is a revenue.
func validRevenue(params map[string]string, name string, least float64) bool {
	text, given := params[name]
	if !given {
		return true
	}
	value, err := strconv.ParseFloat(text, 64)
	return err == nil && !math.IsNaN(value) && value >= least && value <= maxRevenue &&
		len(params["currency"]) == 3 && isWord(params["currency"])
}

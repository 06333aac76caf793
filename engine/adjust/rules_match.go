package adjust

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
)

// unmatched is the outcome's rule when rules end without a match, which only an empty [Rules] does.
const unmatched = "no rule"

// A text condition looks this far into a body that is no JSON object.
const plainTextBytes = 1024

// Classify makes a response of an answer. It is pure, apart from a missing Answer.At, which becomes now.
func (r *Rules) Classify(d engine.Delivery, a Answer) engine.Response {
	if a.At.IsZero() {
		a.At = time.Now()
	}
	c := candidate{
		kind: d.Package.Kind, revenue: d.Package.Revenue(), known: !d.Device.Session.IsZero(),
		status: a.Status, body: a.Body, fault: a.Fault, ambiguous: a.Ambiguous,
	}
	// A body that broke off or was cut is never complete, even where what came happens to be valid.
	if a.Fault == "" {
		c.fields, c.object = scan(a.Body)
	}
	retryIn, asked := time.Duration(0), false
	response := engine.Response{
		Package: d.Package, Attempt: d.Attempt, Status: a.Status, Body: a.Body, Ambiguous: a.Ambiguous, At: a.At,
		Message: a.Message,
	}
	if c.object {
		retryIn, asked = waitHint(c.fields[fieldRetryIn])
		response.AskIn, _ = waitHint(c.fields[fieldAskIn])
		response.ContinueIn, _ = waitHint(c.fields[fieldContinueIn])
		response.Timestamp = text(c.fields[fieldTimestamp])
		response.ADID = text(c.fields[fieldADID])
	}
	c.retryIn = asked
	response.Outcome, response.Rule = engine.Retry, unmatched
	for i := range r.list {
		if c.matches(&r.list[i]) {
			response.Outcome, response.Rule = r.list[i].outcome, r.list[i].name
			break
		}
	}
	if response.Timestamp == "" {
		response.Timestamp = r.timestamp(a.Date)
	}
	if response.Outcome == engine.Retry {
		response.RetryIn = retryIn
		if !asked {
			response.RetryIn = retryAfter(a.RetryAfter, a.Date, a.At)
		}
	}
	if response.Message == "" {
		response.Message = c.message()
		if !c.object && a.Status >= 300 && a.Status < 400 {
			response.Message = redirection(a.Location)
		}
	}
	return response
}

// redirection says where a server sends those who ask, as far as it is no secret.
func redirection(location string) string {
	to, err := url.Parse(location)
	if err != nil || to.Host == "" {
		return "the server redirects, which is not followed; correct the endpoint"
	}
	return "the server redirects to " + clean(to.Scheme+"://"+to.Host, 200) + ", which is not followed; correct the endpoint"
}

// candidate is an answer while rules are tried on it.
type candidate struct {
	kind      engine.Kind
	revenue   bool
	known     bool // the server has accepted a session of the device
	status    int
	body      []byte
	fault     Fault
	ambiguous bool
	object    bool // the body is one JSON object, and fields are from it
	fields    fields
	retryIn   bool
	lowered   bool
	texts     [3]string // what text conditions look at, lower case
}

// message is for people: what the server says, or what came instead.
func (c *candidate) message() string {
	if c.object {
		for _, raw := range c.fields[fieldMessage : fieldStatus+1] {
			if s := text(raw); s != "" {
				return s
			}
		}
		return ""
	}
	switch body := bytes.TrimSpace(c.body); {
	case len(body) == 0:
		return "the answer has no content"
	case string(body) == "OK":
		return "OK"
	case len(body) <= 200 && body[0] != '<':
		return "the answer is not a JSON object: " + clean(string(body), 200)
	case body[0] == '<':
		return "the answer is a web page, not a JSON object; perhaps a proxy or a portal stands between"
	default:
		return "the answer is not a JSON object"
	}
}

// matches tries the cheap conditions first.
func (c *candidate) matches(r *rule) bool {
	switch {
	case len(r.statuses) > 0 && !r.hasStatus(c.status):
		return false
	case r.json == "object" && !c.object, r.json == "none" && c.object:
		return false
	case r.retryIn != nil && *r.retryIn != c.retryIn:
		return false
	case (r.anyFault || len(r.faults) > 0) && (c.fault == "" || !r.anyFault && !slices.Contains(r.faults, c.fault)):
		return false
	case r.ambiguous != nil && *r.ambiguous != c.ambiguous:
		return false
	case r.revenue != nil && *r.revenue != c.revenue:
		return false
	case len(r.kinds) > 0 && !slices.Contains(r.kinds, c.kind):
		return false
	case r.session != "" && (r.session == "known") != c.known:
		return false
	case len(r.literal) > 0 && (c.fault != "" || !slices.Contains(r.literal, string(bytes.TrimSpace(c.body)))):
		return false
	default:
		return len(r.text) == 0 || c.says(r.text)
	}
}

func (r *rule) hasStatus(status int) bool {
	for _, s := range r.statuses {
		if s.from <= status && status <= s.to {
			return true
		}
	}
	return false
}

// says tells whether one of the wanted texts, which are lower case, is in what the server says.
func (c *candidate) says(wanted []string) bool {
	if !c.lowered {
		c.lowered = true
		if c.object {
			c.texts = [3]string{
				strings.ToLower(text(c.fields[fieldMessage])), strings.ToLower(text(c.fields[fieldError])), strings.ToLower(text(c.fields[fieldStatus])),
			}
		} else {
			c.texts[0] = strings.ToLower(string(c.body[:min(len(c.body), plainTextBytes)]))
		}
	}
	for _, w := range wanted {
		for _, t := range c.texts {
			if t != "" && strings.Contains(t, w) {
				return true
			}
		}
	}
	return false
}

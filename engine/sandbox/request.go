package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// Request is one request that arrived, and what became of it.
type Request struct {
	// Seq counts all requests from 1, in the order in which they were handled.
	Seq uint64 `json:"seq"`
	// At is when it was handled.
	At time.Time `json:"at"`
	// Method and Path are those of the request.
	Method string `json:"method"`
	Path   string `json:"path"`
	// App, Environment and Device are the app token, the environment and the first device identifier as KIND=ID. They are
	// "" where the request was not read or has none.
	App         string `json:"app,omitempty"`
	Environment string `json:"environment,omitempty"`
	Device      string `json:"device,omitempty"`
	// Key is the value of the parameter Config.CountBy.
	Key string `json:"key,omitempty"`
	// Params are the parameters, those of query and form together; CallbackParams and PartnerParams those in the JSON
	// objects. All are nil with Config.Compact.
	Params         map[string]string `json:"params,omitempty"`
	CallbackParams map[string]string `json:"callback_params,omitempty"`
	PartnerParams  map[string]string `json:"partner_params,omitempty"`
	// ForwardedFor is the header X-Adjust-Forwarded-For, UserAgent the header User-Agent. Authenticated tells whether
	// there was an Authorization header; tokens are not recorded.
	ForwardedFor  string `json:"forwarded_for,omitempty"`
	UserAgent     string `json:"user_agent,omitempty"`
	Authenticated bool   `json:"authenticated,omitempty"`
	// Status is what was answered, 0 where a fault left no HTTP answer. Answer is the body without the fault, "" where the
	// request was not processed.
	Status int    `json:"status,omitempty"`
	Answer string `json:"answer,omitempty"`
	// Fault is the name of the fault that hit the request, "" for none.
	Fault string `json:"fault,omitempty"`
	// Counted is true when the request changed something: a session, event, ad revenue or erasure was counted.
	Counted bool `json:"counted"`

	kind    engine.Kind
	created time.Time // zero: none was sent
	when    error     // created could not be read
	bearer  string
	tooBig  bool
	nested  bool // callback_params or partner_params are not flat objects of strings
	inForm  bool
	inQuery bool
}

// parse reads a request, but for its body where it would be too long.
func (s *Server) parse(r *http.Request) (*Request, error) {
	q := s.head(r)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxRequestBytes {
		q.tooBig = true
		body = nil
	}
	query, _ := url.ParseQuery(r.URL.RawQuery) // what can be read is; the checks complain of what is missing
	form := url.Values{}
	if len(body) > 0 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, _ = url.ParseQuery(string(body))
	}
	q.inQuery, q.inForm = len(query) > 0, len(form) > 0
	q.Params = make(map[string]string, len(query)+len(form))
	for _, values := range []url.Values{form, query} {
		for name, v := range values {
			if _, ok := q.Params[name]; !ok {
				q.Params[name] = v[0]
			}
		}
	}
	q.App = q.Params["app_token"]
	q.Environment = q.Params["environment"]
	if q.Environment == "" {
		q.Environment = string(engine.Production) // the server's default, which is why we never leave it out
	}
	q.Device = engine.DeviceKey(q.Params)
	var bad [2]bool
	q.CallbackParams, bad[0] = flat(q.Params["callback_params"])
	q.PartnerParams, bad[1] = flat(q.Params["partner_params"])
	q.nested = bad[0] || bad[1]
	q.created, q.when = createdAt(q.Params)
	if q.Key = q.Params[s.cfg.CountBy]; q.Key == "" {
		q.Key = q.CallbackParams[s.cfg.CountBy]
	}
	return q, nil
}

// head takes what is known before the body.
func (s *Server) head(r *http.Request) *Request {
	q := &Request{
		Method: r.Method, Path: r.URL.Path, ForwardedFor: r.Header.Get("X-Adjust-Forwarded-For"), UserAgent: r.UserAgent(),
		kind: engine.Kind(strings.TrimPrefix(r.URL.Path, "/")),
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		q.bearer = strings.TrimSpace(token)
	}
	q.Authenticated = q.bearer != ""
	return q
}

// flat reads a flat JSON object of strings. bad is true for anything else.
func flat(text string) (params map[string]string, bad bool) {
	if text == "" {
		return nil, false
	}
	err := json.Unmarshal([]byte(text), &params)
	return params, err != nil || params == nil
}

var errCreated = errors.New("created_at cannot be read")

// createdAt reads created_at_unix in seconds, else created_at in one of the forms of the documents.
func createdAt(params map[string]string) (time.Time, error) {
	if text := params["created_at_unix"]; text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		// Milliseconds stand in one example of the documents; here they are the mistake that they look like.
		if err != nil || seconds < 0 || seconds > 1e11 {
			return time.Time{}, errCreated
		}
		return time.Unix(seconds, 0), nil
	}
	text := params["created_at"]
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{
		"2006-01-02T15:04:05.000Z-0700", "2006-01-02T15:04:05Z-0700", "2006-01-02T15:04:05.000-0700", time.RFC3339Nano,
	} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errCreated
}

func isAppToken(token string) bool { return len(token) == 12 && isWord(token) }

func isEventToken(token string) bool { return len(token) == 6 && isWord(token) }

// isWord tells whether s has only letters and digits.
func isWord(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

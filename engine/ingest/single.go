package ingest

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// single serves the S2S endpoints: one request, one package.
func (h *Handler) single(w http.ResponseWriter, r *http.Request, kind engine.Kind, from *page) *refusal {
	scopes, refused := h.authorize(r, from)
	if refused != nil {
		return refused
	}
	if refused := scopes.allow(kind); refused != nil {
		return refused
	}
	held := holding{handler: h, client: clientOf(r, from)}
	defer held.release()
	params, refused := h.params(w, r, &held)
	if refused != nil {
		return refused
	}
	token := params["app_token"]
	key, repeat, own := r.Header.Get("Idempotency-Key"), false, false
	var more []string
	if from != nil {
		own = key != ""
		if !own && params["deduplication_id"] == "" {
			key = pageKey(params)
		}
		refused = from.fill(r, params)
		more = []string{"page", params["web_uuid"]} // or a page could take the keys of others
	}
	_, addressed := params["ip_address"]
	var p engine.Package
	if refused == nil {
		p, refused = h.fromParams(r, kind, params, from)
	}
	if refused == nil {
		refused = h.prepare(&p, key, time.Now(), more...)
	}
	if refused == nil {
		q := request{packages: []engine.Package{p}, addressed: !addressed}
		if how := namingOf(&p, key, ""); how != unnamed {
			if from != nil && !own {
				how = byPage
			}
			q.names = []naming{how}
		}
		repeat, refused = h.store(r, &q)
	}
	if refused != nil {
		// Long nonsense is not worth repeating.
		if len(token) <= 64 {
			refused.app = token
		}
		return refused
	}
	header := w.Header()
	header["Content-Type"] = jsonType
	header.Set("X-Trackhook-Id", p.ID)
	if repeat {
		header.Set(replayed, "true")
	}
	body := `{"status":"OK"}`
	if from != nil && kind == engine.KindSession && h.cfg.Attribution != nil {
		body = `{"status":"OK","ask_in":` + strconv.FormatInt(firstAsk.Milliseconds(), 10) + `}` // the Web SDK asks then, and else not at all
	}
	_, _ = io.WriteString(w, body) // the sender may have gone; the package is stored all the same
	return nil
}

// jsonType is the Content-Type of an answer. It is not written: net/http takes headers over as they are.
//
//nolint:gochecknoglobals // to make one for each request was a part of what the door allocates
var jsonType = []string{"application/json"}

// maxParams bounds the parameters of one request, those of query and form together, before anything is made of them.
const maxParams = engine.MaxParams

// tooMany refuses a request with too many parameters.
func tooMany(count int) *refusal {
	return invalid("Too many parameters", "params", "the request has %d parameters; at most %d are taken", count, maxParams)
}

// params collects the parameters of query and form.
func (h *Handler) params(w http.ResponseWriter, r *http.Request, held *holding) (map[string]string, *refusal) {
	body := ""
	if r.Method == http.MethodPost && r.ContentLength != 0 {
		contentType := r.Header.Get("Content-Type")
		if !formType(contentType) {
			refused := wrongType("Content-Type %s is not taken here: send application/x-www-form-urlencoded, or JSON lines to /v1/packages", engine.Quote(contentType))
			refused.unread = true
			return nil, refused
		}
		var refused *refusal
		if body, refused = h.read(w, r, h.cfg.MaxBody, held); refused != nil {
			return nil, refused
		}
		// curl -d sends JSON as a form.
		if strings.HasPrefix(body, "{") {
			return nil, wrongType("the body looks like JSON: send application/x-www-form-urlencoded here, or JSON lines to /v1/packages")
		}
	}
	count := 0
	for _, text := range []string{r.URL.RawQuery, body} {
		if text != "" {
			count += strings.Count(text, "&") + 1
		}
	}
	if count > maxParams {
		return nil, tooMany(count)
	}
	// The sender's numbers are not trusted with memory: a body of separators alone would ask for a large map.
	params := make(map[string]string, min(count, 64))
	for _, text := range []string{r.URL.RawQuery, body} {
		if refused := parseForm(text, params); refused != nil {
			return nil, refused
		}
	}
	return params, nil
}

// fromParams takes from params what has a field of its own, and makes the rest the package's.
func (h *Handler) fromParams(r *http.Request, kind engine.Kind, params map[string]string, from *page) (p engine.Package, refused *refusal) {
	take := func(name string) (string, bool) {
		value, ok := params[name]
		if ok {
			delete(params, name)
		}
		return value, ok
	}
	p.Kind = kind
	p.Params = params
	take("s2s")
	p.App.Token, _ = take("app_token")
	environment, _ := take("environment")
	p.App.Environment = engine.Environment(environment)
	p.CallbackID, _ = take("event_callback_id")
	unix, hasUnix := take("created_at_unix")
	iso, hasISO := take("created_at")
	if p.Created, refused = created(unix, hasUnix, iso, hasISO); refused != nil {
		return p, refused
	}
	callback, _ := take("callback_params")
	if p.CallbackParams, refused = flatParam("callback", callback); refused != nil {
		return p, refused
	}
	partner, _ := take("partner_params")
	if p.PartnerParams, refused = flatParam("partner", partner); refused != nil {
		return p, refused
	}
	if forwarded := r.Header.Get("X-Adjust-Forwarded-For"); forwarded != "" && params["ip_address"] == "" && from == nil {
		if ip := forwardedIP(forwarded); ip != "" {
			params["ip_address"] = ip
		}
	}
	return p, nil
}

// flatParam reads callback_params or partner_params.
func flatParam(which, text string) (map[string]string, *refusal) {
	if text == "" {
		return nil, nil
	}
	pairs, err := flatText(strings.TrimPrefix(text, mark))
	if err == nil {
		return pairs, nil
	}
	hint := ""
	if strings.HasPrefix(text, "%7B") || strings.HasPrefix(text, "%7b") {
		hint = "; it is percent-encoded twice"
	}
	name := which + "_params"
	return nil, invalid("Invalid "+which+" parameters", name,
		`%s must be a flat JSON object of strings, such as {"key":"value"}: %s%s`, name, err, hint)
}

// forwardedIP takes the first address of the header, in any form that [engine.ParseAddress] reads. An IPv6 address becomes
// "": the server takes none, and the device cannot help having it; a session without an address is better than none. So
// does what proxies write for an address that they do not know or hide.
func forwardedIP(header string) string {
	first, _, _ := strings.Cut(header, ",")
	first = strings.TrimSpace(first)
	ip, ipv6, err := engine.ParseAddress(first)
	switch {
	case err == nil:
		return ip
	case ipv6, first == "-", strings.EqualFold(first, "unknown"), strings.HasPrefix(first, "_"):
		return ""
	default:
		return first // to be refused
	}
}

package adjust_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// twoTokens are the settings of an app whose token is being replaced.
func twoTokens(token, old string) map[engine.App]adjust.Settings {
	return map[engine.App]adjust.Settings{testApp(): {Token: adjust.NewSecret(token), OldToken: adjust.NewSecret(old)}}
}

// answerText is an answer as it stands on the wire.
func answerText(status, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

func unauthorized(message string) string {
	return answerText("401 Unauthorized", `{"error":"`+message+`"}`)
}

// byToken serves requests by what answer returns for their token, after so long a wait.
func byToken(answer func(token string) (text string, wait time.Duration)) func(net.Conn, *bufio.Reader) {
	return func(conn net.Conn, r *bufio.Reader) {
		for {
			q, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, q.Body); err != nil {
				return
			}
			text, wait := answer(strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer "))
			time.Sleep(wait)
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
		}
	}
}

// The time that the refusal of one token took is not missing for the request with the other: a purchase that gets no
// answer is never sent again.
func TestEachTokenHasTheWholeTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial, _ := piped(byToken(func(token string) (string, time.Duration) {
			if token == "new" {
				return unauthorized("Unauthorized"), 39 * time.Second
			}
			return okAnswer, 39 * time.Second
		}))
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial, Timeout: 40 * time.Second, Apps: twoTokens("new", "old")})
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
	})
}

// Of the two tokens the server refuses the first; only an answer that shows that it takes the app with the other makes
// that the first to be sent, and is told.
func TestTheOtherTokenMustProveItself(t *testing.T) {
	for name, row := range map[string]struct {
		other   string
		outcome engine.Outcome
		flips   bool
	}{
		"counted":            {okAnswer, engine.Delivered, true},
		"refused itself":     {answerText("400 Bad Request", `{"error":"Event request failed (Invalid revenue)"}`), engine.Rejected, true},
		"its answer is cut":  {strings.TrimSuffix(answerText("200 OK", `{"status":"OK"}`), "}"), engine.Unclear, true},
		"the server fails":   {answerText("503 Service Unavailable", ""), engine.Retry, false},
		"too many":           {answerText("429 Too Many Requests", ""), engine.Retry, false},
		"no answer":          {"", engine.Unclear, false},
		"the app is refused": {unauthorized("Unauthorized"), engine.Blocked, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var shown []string // guarded by mu
				dial, _ := piped(byToken(func(token string) (string, time.Duration) {
					mu.Lock()
					shown = append(shown, token)
					mu.Unlock()
					if token == "new" {
						return unauthorized("Unauthorized"), 0
					}
					if row.other == "" {
						return "", time.Hour
					}
					return row.other, 0
				}))
				told := 0
				d := newDeliverer(t, adjust.Config{
					Endpoint: "http://s2s.test", Dial: dial, Apps: twoTokens("new", "old"),
					TokenRefused: func(engine.App, engine.Kind, bool) { told++ },
				})
				if r := deliver(t, d, purchase()); r.Outcome != row.outcome {
					t.Errorf("%s, want %s: %s", r.Outcome, row.outcome, r.Message)
				}
				deliver(t, d, purchase())
				time.Sleep(time.Hour) // for servers that did not answer
				mu.Lock()
				defer mu.Unlock()
				first := "new"
				if row.flips {
					first = "old"
				}
				if len(shown) < 3 || shown[2] != first || told == 0 == row.flips {
					t.Errorf("shown were %q, want %s in the third; told %d times", shown, first, told)
				}
			})
		})
	}
}

// What is known of two tokens stays known while other settings are replaced, and no longer than both tokens.
func TestReconfigureRemembersWhichTokenIsTaken(t *testing.T) {
	k := &keeper{takes: []string{"old"}}
	server := httptest.NewServer(k)
	defer server.Close()
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, Apps: twoTokens("new", "old")})
	deliver(t, d, event())
	for _, row := range []struct {
		token, old string
		takes      string
		shown      string
	}{
		{"new", "old", "old", "new old old"}, // the first two before
		{"newer", "old", "old", "newer old"},
		{"newer", "older", "newer", "newer"},
		{"newer", "older", "older", "newer older"},
		{"newer", "newer", "newer", "newer"},
		{"newer", "older", "newer", "newer"},
	} {
		k.take(row.takes)
		apply, err := d.Reconfigure(adjust.Config{Apps: twoTokens(row.token, row.old), Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		apply()
		if r := deliver(t, d, event()); r.Outcome != engine.Delivered {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
		if shown := k.since(); shown != row.shown {
			t.Errorf("with %s and %s shown were %q, want %q", row.token, row.old, shown, row.shown)
		}
	}
}

// The timeout of Reconfigure holds for the attempts after it; nothing else is changed by what is refused.
func TestReconfigureReplacesTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial, _ := piped(func(_ net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r) })
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial, Timeout: 40 * time.Second})
		took := func() time.Duration {
			begin := time.Now()
			deliver(t, d, event())
			return time.Since(begin)
		}
		if apply, err := d.Reconfigure(adjust.Config{Timeout: -1}); err == nil || apply != nil {
			t.Errorf("a negative timeout is taken: %v", err)
		}
		for _, refused := range []string{"zo zo", "zozo\r\nX-Other: 1", "zozo\n"} {
			if apply, err := d.Reconfigure(adjust.Config{Apps: twoTokens("new", refused)}); err == nil || apply != nil || strings.Contains(err.Error(), "zo") {
				t.Errorf("the old token %q is taken, or told: %v", refused, err)
			}
		}
		if got := took(); got != 40*time.Second {
			t.Errorf("an attempt took %v before anything was applied", got)
		}
		for timeout, want := range map[time.Duration]time.Duration{7 * time.Second: 7 * time.Second, 0: adjust.DefaultTimeout} {
			apply, err := d.Reconfigure(adjust.Config{Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			apply()
			if got := took(); got != want {
				t.Errorf("with the timeout %v an attempt took %v", timeout, got)
			}
		}
	})
}

// A kind that is learned later goes to its own path with either token.
func TestTwoTokensOfAnUnknownKind(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if strings.HasSuffix(r.Header.Get("Authorization"), "new") {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":"Unauthorized"}`)
			return
		}
		_, _ = io.WriteString(w, `{"status":"OK"}`)
	}))
	defer server.Close()
	d := newDeliverer(t, adjust.Config{Endpoint: server.URL, Apps: twoTokens("new", "old")})
	p := event()
	p.Kind = "attribution"
	r := deliver(t, d, p)
	if want := []string{"/attribution new", "/attribution old"}; r.Outcome != engine.Delivered || !slices.Equal(asked, want) {
		t.Errorf("%s, and the server was asked %q, want %q", r.Outcome, asked, want)
	}
}

// Where both are refused, people hear what was said of the new token, whichever was sent first.
func TestBothTokensRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		takesOld := false
		dial, _ := piped(byToken(func(token string) (string, time.Duration) {
			if token == "old" && takesOld {
				return answerText("200 OK", `{"status":"OK"}`), 0
			}
			return unauthorized("no right for " + token), 0
		}))
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial, Apps: twoTokens("new", "old")})
		for _, first := range []string{"new", "old"} {
			if first == "old" {
				takesOld = true
				deliver(t, d, event())
				takesOld = false
			}
			if r := deliver(t, d, event()); r.Outcome != engine.Blocked || !strings.Contains(r.Message, "no right for new") {
				t.Errorf("where the %s one is sent first: %s, %q", first, r.Outcome, r.Message)
			}
		}
	})
}

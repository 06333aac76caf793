package adjust_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
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
				var shown []string
				dial, _ := piped(byToken(func(token string) (string, time.Duration) {
					shown = append(shown, token)
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
				first := "new"
				if row.flips {
					first = "old"
				}
				if len(shown) < 3 || shown[2] != first || told == 0 == row.flips {
					t.Errorf("shown were %q, want %s in the third; told %d times", shown, first, told)
				}
				time.Sleep(time.Hour) // servers that did not answer
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

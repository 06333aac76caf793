package adjust_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
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

const refusedAnswer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 24\r\n\r\n{\"error\":\"Unauthorized\"}"

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
				return refusedAnswer, 39 * time.Second
			}
			return okAnswer, 39 * time.Second
		}))
		d := newDeliverer(t, adjust.Config{Endpoint: "http://s2s.test", Dial: dial, Timeout: 40 * time.Second, Apps: twoTokens("new", "old")})
		if r := deliver(t, d, purchase()); r.Outcome != engine.Delivered {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
	})
}

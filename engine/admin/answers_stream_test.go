package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/site"
)

// printing is a host whose plugins have handled what the test says.
type printing struct {
	*fake
	mu     sync.Mutex
	lines  []admin.Printed
	cursor uint64
}

func newPrinting() (*printing, admin.Config) {
	p := &printing{fake: newFake()}
	p.runs = map[uint64][]engine.Run{}
	cfg := p.config()
	cfg.Plugins = func() []admin.Plugin {
		p.mu.Lock()
		defer p.mu.Unlock()
		registered := []admin.Registration{{AppToken: token, Environment: "sandbox"}}
		return []admin.Plugin{{Name: "count", Running: "v1", Cursor: p.cursor, Registered: registered}}
	}
	cfg.Printed = func(from uint64) ([]admin.Printed, uint64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		return slices.Clone(p.lines[from:]), uint64(len(p.lines))
	}
	return p, cfg
}

// run has the plugin run on responses up to one, and print lines on it.
func (p *printing) run(seq uint64, texts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, text := range texts {
		p.lines = append(p.lines, admin.Printed{Plugin: "count", Version: "v1", Seq: seq, Line: admin.Line{At: noon(), Level: "info", Text: text}})
	}
	if seq > 0 {
		p.fake.mu.Lock()
		p.runs[seq] = []engine.Run{{Listener: "plugin/count", Version: "v1"}}
		p.fake.mu.Unlock()
		p.cursor = max(p.cursor, seq)
	}
}

// streaming is one stream of answers in a bubble.
type streaming struct {
	*testing.T
	pieces <-chan string
}

func answering(t *testing.T, h http.Handler, query string) streaming {
	t.Helper()
	return streaming{t, listenTo(t.Context(), h, "/api/v1/answers"+query)}
}

// news are what is told in the time of a few looks, in short.
func (s streaming) news() string {
	s.Helper()
	var all []string
	for range 3 {
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
	}
	for len(s.pieces) > 0 {
		for line := range strings.Lines(<-s.pieces) {
			var event admin.AnswerEvent
			if err := json.Unmarshal([]byte(line), &event); err != nil {
				s.Fatal(err)
			}
			all = append(all, short(&event))
		}
	}
	return strings.Join(all, ", ")
}

func short(event *admin.AnswerEvent) string {
	switch event.Type {
	case "answer":
		return fmt.Sprint("answer ", event.Answer.Seq)
	case "runs":
		var text strings.Builder
		fmt.Fprint(&text, "runs of ", event.Seq)
		for _, run := range event.Runs {
			fmt.Fprint(&text, " ", run.Plugin, "@", run.Version)
			for _, line := range run.Lines {
				text.WriteString("[" + line.Text + "]")
			}
			if run.LinesLeftOut > 0 {
				fmt.Fprint(&text, "+", run.LinesLeftOut)
			}
		}
		return text.String()
	case "line":
		return event.Plugin + ": " + event.Line.Text
	case "left_out":
		return fmt.Sprint("left out ", event.Count, " of ", event.After, "..", event.To)
	case "gap":
		return fmt.Sprint("gap ", event.After, "..", event.Next)
	default:
		return fmt.Sprint(event.Type, " ", event.Last)
	}
}

// Answers are told as they come, and then what plugins have made and printed of them.
func TestAnswersStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, cfg := newPrinting()
		done := make(chan struct{})
		cfg.Done = done
		h := admin.New(cfg)
		p.respond(response(engine.Delivered, nil), response(engine.Retry, nil), response(engine.Delivered, nil))
		p.run(1, "old")
		p.run(0, "loose")
		p.run(2, "older")
		s := answering(t, h, "?recent=2")
		wantText(t, s.news(), "answer 2, runs of 2 count@v1[older], answer 3, alive 3")
		fresh := answering(t, h, "")
		wantText(t, fresh.news(), "alive 3")
		behind := answering(t, h, "?after=1")
		wantText(t, behind.news(), "answer 2, runs of 2 count@v1[older], answer 3, alive 3")
		p.run(3, "three", "and more")
		wantText(t, s.news(), "runs of 3 count@v1[three][and more]")
		p.run(3, "later")
		wantText(t, s.news(), "runs of 3 count@v1[three][and more][later]")
		p.run(0, "by a timer")
		wantText(t, s.news(), "count: by a timer")
		// The plugin may be quicker than the look at the log.
		p.respond(response(engine.Rejected, nil))
		p.run(4, "four")
		wantText(t, s.news(), "answer 4, runs of 4 count@v1[four]")
		wantText(t, fresh.news(), "count: by a timer, answer 4, runs of 4 count@v1[four]")
		texts := make([]string, 30)
		for i := range texts {
			texts[i] = "x"
		}
		p.respond(response(engine.Rejected, nil))
		p.run(5, texts...)
		wantText(t, s.news(), "answer 5, runs of 5 count@v1"+strings.Repeat("[x]", 20)+"+10")
		time.Sleep(admin.Heartbeat)
		wantText(t, s.news(), "alive 5")
		close(done)
		synctest.Wait()
		for _, ended := range []streaming{s, fresh, behind} {
			for range ended.pieces {
			}
		}
	})
}

func TestAnswersFilters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, cfg := newPrinting()
		ctx, cancel := context.WithCancel(t.Context())
		h := admin.New(cfg)
		named := func(id, body string) engine.Response {
			return response(engine.Delivered, func(r *engine.Response) {
				r.Package.ID, r.Package.CallbackID, r.Body, r.Message = id, "Order-"+id, []byte(body), "OK"
				r.Package.Params = map[string]string{"event_token": "f0ob4r", "s2s_token": "hidden", "city": "Graz"}
			})
		}
		p.respond(named("one", `{}`), named("two", `{"x":"Needle"}`), named("three", "no JSON"))
		p.run(2, "ran")
		for query, want := range map[string]string{
			"text=needle":                "answer 2, runs of 2 count@v1[ran], alive 3",
			"text=ORDER-THREE":           "answer 3, alive 3",
			"text=graz":                  "answer 1, answer 2, runs of 2 count@v1[ran], answer 3, alive 3",
			"text=hidden":                "alive 3",
			"outcome=retry":              "alive 3",
			"plugin=count":               "answer 2, runs of 2 count@v1[ran], alive 3",
			"plugin=none":                "alive 3",
			"device=gps_adid%3Dd1":       "answer 1, answer 2, runs of 2 count@v1[ran], answer 3, alive 3",
			"app_token=xyz123def456":     "alive 3",
			"event_token=f0ob4r&text=ok": "answer 1, answer 2, runs of 2 count@v1[ran], answer 3, alive 3",
		} {
			s := streaming{t, listenTo(ctx, h, "/api/v1/answers?recent=10&"+query)}
			if got := s.news(); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		for _, wrong := range []string{"recent=1001", "recent=-1", "after=x", "outcome=x", "text=" + strings.Repeat("a", 201), "x=1", "text="} {
			if w := ask(h, "GET", "/api/v1/answers?"+wrong); w.Code != 400 {
				t.Errorf("%s: %d %s", wrong, w.Code, w.Body)
			}
		}
		cancel()
		synctest.Wait()
	})
}

// When too many come, some are left out and counted; nobody is told more than can be read.
func TestAnswersAreSampled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, cfg := newPrinting()
		ctx, cancel := context.WithCancel(t.Context())
		h := admin.New(cfg)
		s := streaming{t, listenTo(ctx, h, "/api/v1/answers")}
		filtered := streaming{t, listenTo(ctx, h, "/api/v1/answers?outcome=delivered")}
		wantText(t, s.news()+filtered.news(), "alive 0alive 0")
		many := make([]engine.Response, 1000)
		for i := range many {
			many[i] = response(engine.Delivered, nil)
		}
		p.respond(many...)
		got := s.news()
		if !strings.HasPrefix(got, "left out 990 of 0..990, answer 991, ") || strings.Count(got, "answer") != 10 || !strings.HasSuffix(got, "answer 1000") {
			t.Errorf("told %s", got)
		}
		got = filtered.news()
		if !strings.HasPrefix(got, "left out 500 of 0..500, answer 501, ") || strings.Count(got, "answer") != 10 || !strings.HasSuffix(got, ", left out 490 of 500..1000") {
			t.Errorf("of those that are looked at: %s", got)
		}
		got = streaming{t, listenTo(ctx, h, "/api/v1/answers?after=5&recent=20")}.news()
		if !strings.HasPrefix(got, "left out 975 of 5..980, answer 981, ") || strings.Count(got, "answer") != 20 {
			t.Errorf("behind a number, and no more than lately: %s", got)
		}
		got = streaming{t, listenTo(ctx, h, "/api/v1/answers?after=990&recent=20")}.news()
		if !strings.HasPrefix(got, "answer 991, ") || strings.Count(got, "answer") != 10 {
			t.Errorf("behind a number that is not long ago: %s", got)
		}
		p.trim(990)
		got = streaming{t, listenTo(ctx, h, "/api/v1/answers?recent=20")}.news()
		if !strings.HasPrefix(got, "answer 991, ") || strings.Count(got, "answer") != 10 {
			t.Errorf("lately: %s", got)
		}
		p.trim(3)
		if got = (streaming{t, listenTo(ctx, h, "/api/v1/answers?after=992")}).news(); !strings.HasPrefix(got, "gap 992..994, answer 994, ") {
			t.Errorf("behind a number: %s", got)
		}
		cancel()
		synctest.Wait()
	})
}

// While more come than are told, it is looked for them less often.
func TestAnswersRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, cfg := newPrinting()
		s := answering(t, admin.New(cfg), "")
		wantText(t, s.news(), "alive 0")
		p.respond(slices.Repeat([]engine.Response{response(engine.Delivered, nil)}, 11)...)
		if got := s.news(); !strings.HasPrefix(got, "left out 1 of 0..1, answer 2, ") {
			t.Errorf("told %s", got)
		}
		p.respond(response(engine.Delivered, nil))
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		if len(s.pieces) > 0 {
			t.Errorf("told at once: %s", <-s.pieces)
		}
		wantText(t, s.news(), "answer 12")
		p.respond(response(engine.Delivered, nil))
		wantText(t, s.news(), "answer 13")
	})
}

// Long bodies are cut, and whoever may not ask any more is told nothing more.
func TestAnswersAreShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, cfg := newPrinting()
		may := site.Read
		var mu sync.Mutex
		cfg.Access = func(*http.Request) (site.Access, bool) {
			mu.Lock()
			defer mu.Unlock()
			return may, true
		}
		h := admin.New(cfg)
		p.respond(response(engine.Delivered, func(r *engine.Response) { r.Body = []byte(`{"a":"` + strings.Repeat("b", 5000) + `"}`) }))
		pieces := listenTo(t.Context(), h, "/api/v1/answers?recent=1")
		time.Sleep(time.Second)
		synctest.Wait()
		first, _, _ := strings.Cut(<-pieces, "\n")
		var event admin.AnswerEvent
		if err := json.Unmarshal([]byte(first), &event); err != nil {
			t.Fatal(err)
		}
		if a := event.Answer; a == nil || a.Body != nil || len(a.BodyText) != 2051 || !a.BodyCut || a.BodyBytes != 5008 {
			t.Errorf("told %s", first)
		}
		mu.Lock()
		may = 0
		mu.Unlock()
		p.respond(response(engine.Delivered, nil))
		for piece := range pieces {
			t.Errorf("then %s", piece)
		}
	})
}

// The client goes on where it was when the host comes back.
func TestClientAnswers(t *testing.T) {
	p, cfg := newPrinting()
	_, client := serve(t, admin.New(cfg))
	p.respond(response(engine.Delivered, nil), response(engine.Retry, nil))
	p.run(2, "ran")
	enough := errors.New("enough")
	var got []string
	err := client.Answers(t.Context(), admin.Answers{Recent: 2, Outcome: engine.Retry}, func(event admin.AnswerEvent) error {
		got = append(got, short(&event))
		if event.Type == "runs" {
			return enough
		}
		return nil
	})
	if err != enough || strings.Join(got, ", ") != "answer 2, runs of 2 count@v1[ran]" { //nolint:errorlint // it is the very one
		t.Errorf("%v, %v", got, err)
	}
	if err := client.Answers(t.Context(), admin.Answers{Text: strings.Repeat("a", 300)}, nil); err == nil || !strings.Contains(err.Error(), "more than 200 bytes") {
		t.Errorf("error %v", err)
	}
}

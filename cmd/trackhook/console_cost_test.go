package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestConsoleCosts measures what an open console costs: the host while it delivers as fast as it can, with the page open on
// answers and without it by turns, and the host and the page while nothing happens. It fails for nothing but what does not
// work, because machines differ and others use them, too; examples/soak has what it gave.
func TestConsoleCosts(t *testing.T) {
	rounds, _ := strconv.Atoi(os.Getenv("TRACKHOOK_CONSOLE_COST"))
	if rounds == 0 {
		t.Skip("it measures for minutes: set TRACKHOOK_CONSOLE_COST to how many pairs of runs it is to make, and TRACKHOOK_LONG=1")
	}
	path := needBrowser(t)
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system does not tell how long processes have run")
	}
	h := startConsole(t, false, map[string]string{"outcomes.js": outcomesScript(t)})
	b := startBrowser(t, path)
	// As people see it who have not asked for less motion.
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
	h.load(t, 0, loadSize) // what happens once is over
	sent := loadSize
	var with, without []spent
	for i := range 2 * rounds {
		open := i%4 == 1 || i%4 == 2 // there and back, so that what grows meanwhile is shared
		if open {
			b.open(h.link(""))
			b.until(`one(".answer-rows .row")`)
		} else {
			b.leave()
		}
		drawn, began := b.cpuOfAll(), time.Now()
		got := h.load(t, sent, loadSize)
		sent += loadSize
		t.Logf("open: %-5v %.1f µs of processors a package, %.0f packages/s; the browser takes %.0f %% of a core", open, got.each, got.rate,
			100*(b.cpuOfAll()-drawn)/time.Since(began).Seconds())
		if open {
			b.until(`one(".rows")`)
			with = append(with, got)
		} else {
			without = append(without, got)
		}
	}
	t.Logf("processor time of the host, open / closed: %s", compared(with, without, func(s spent) float64 { return s.each }))
	t.Logf("rate, open / closed: %s", compared(with, without, func(s spent) float64 { return s.rate }))

	b.leave()
	t.Logf("nothing happens, closed: the host takes %.2f %% of a core", h.idle(b)[0])
	b.open(h.link(""))
	b.until(`one(".answer-rows .row")`)
	for range 3 {
		took := h.idle(b)
		t.Logf("nothing happens, open: the host takes %.2f %% of a core, the page %.2f %%, the browser with it %.2f %%", took[0], took[1], took[2])
	}
	b.quiet()
}

// leave closes what the page shows.
func (b *browser) leave() {
	b.Helper()
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.until(`location.href === "about:blank"`)
}

// loadSize is how many packages are delivered in one run of TestConsoleCosts.
const loadSize = 40_000

// spent is the processor time of the host for each package, in microseconds, and how many packages it delivered in a second.
type spent struct{ each, rate float64 }

// load has the host deliver so many packages of 10,000 devices, and waits until its script has heard of all.
func (h *consoleHost) load(t *testing.T, sent, count int) spent {
	t.Helper()
	const batch, senders = 500, 4
	used, began := treeCPU(h.cmd.Process.Pid), time.Now()
	bodies := make(chan string)
	var posts sync.WaitGroup
	for range senders {
		posts.Go(func() {
			for body := range bodies {
				if err := h.post(body); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := sent; n < sent+count; n += batch {
		var body strings.Builder
		for i := n; i < n+batch; i++ {
			fmt.Fprintf(&body, `{"kind":"event","app_token":%q,"environment":"sandbox","idempotency_key":"p%d","params":{"external_device_id":"pc-%d",`+
				`"event_token":"abc123","os_name":"windows","ip_address":"192.0.2.7"},"callback_params":{"level":"17"}}`+"\n", webApp, i, i%10_000)
		}
		bodies <- body.String()
	}
	close(bodies)
	posts.Wait()
	h.settled(sent + count)
	h.heard(sent + count)
	took := treeCPU(h.cmd.Process.Pid) - used
	return spent{float64(took.Microseconds()) / float64(count), float64(count) / time.Since(began).Seconds()}
}

func (h *consoleHost) post(body string) error {
	request, err := http.NewRequestWithContext(h.Context(), http.MethodPost, h.url+"/v1/packages", strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a batch was refused: %s", answer.Status)
	}
	return nil
}

// heard waits until the script has heard of so many answers.
func (h *consoleHost) heard(answers int) {
	h.Helper()
	h.until(fmt.Sprintf("the script has heard of %d answers", answers), func() bool {
		answer, err := http.Get(h.url + "/api/v1/plugins")
		if err != nil {
			h.Fatal(err)
		}
		defer answer.Body.Close()
		var list struct {
			Plugins []struct{ Cursor int }
		}
		return json.NewDecoder(answer.Body).Decode(&list) == nil && len(list.Plugins) == 1 && list.Plugins[0].Cursor >= answers
	})
}

// idle returns how much of a core the host, the page and all of the browser take in half a minute, in percent.
func (h *consoleHost) idle(b *browser) [3]float64 {
	h.Helper()
	const whole = 30 * time.Second
	measure := func() (at [3]float64) {
		at[0] = treeCPU(h.cmd.Process.Pid).Seconds()
		at[1], at[2] = b.cpu()["renderer"], b.cpuOfAll()
		return at
	}
	<-time.After(whole / 10) // what the page did at first is over
	before, began := measure(), time.Now()
	<-time.After(whole)
	after, took := measure(), time.Since(began)
	for i := range after {
		after[i] = 100 * (after[i] - before[i]) / took.Seconds()
	}
	return after
}

// cpu returns how long the processes of the browser have run on processors, in seconds, by their kind.
func (b *browser) cpu() map[string]float64 {
	b.Helper()
	var got struct {
		ProcessInfo []struct {
			Type    string  `json:"type"`
			CPUTime float64 `json:"cpuTime"`
		} `json:"processInfo"`
	}
	page := b.session
	b.session = "" // the browser is asked, not the page
	b.call("SystemInfo.getProcessInfo", nil, &got)
	b.session = page
	used := map[string]float64{}
	for _, p := range got.ProcessInfo {
		used[p.Type] += p.CPUTime
	}
	return used
}

func (b *browser) cpuOfAll() (sum float64) {
	b.Helper()
	for _, used := range b.cpu() {
		sum += used
	}
	return sum
}

// treeCPU returns how long a process and all that it has started have run on processors; 0 where the system does not tell.
func treeCPU(pid int) time.Duration {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	parents, used := map[int]int{}, map[int]time.Duration{}
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name, in brackets, may hold spaces. Behind it are the parent, 2nd, and the times of it and of its children that have
		// ended, 12th to 15th, in hundredths.
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 15 {
			continue
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parents[id], _ = strconv.Atoi(fields[1])
		for _, field := range fields[11:15] {
			ticks, _ := strconv.Atoi(field)
			used[id] += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	var sum time.Duration
	for id := range used {
		for of := id; of > 1; of = parents[of] {
			if of == pid {
				sum += used[id]
				break
			}
		}
	}
	return sum
}

// compared says how runs compare with the runs that they took turns with: the ratio of the medians, and those of the pairs.
func compared(with, without []spent, of func(spent) float64) string {
	var a, b, pairs []float64
	for i := range with {
		a, b = append(a, of(with[i])), append(b, of(without[i]))
		pairs = append(pairs, of(with[i])/of(without[i]))
	}
	slices.Sort(a)
	slices.Sort(b)
	slices.Sort(pairs)
	return fmt.Sprintf("%.3f (medians %.1f of %.1f to %.1f, and %.1f of %.1f to %.1f); pairs %.3f (%.3f to %.3f)",
		median(a)/median(b), median(a), a[0], a[len(a)-1], median(b), b[0], b[len(b)-1], median(pairs), pairs[0], pairs[len(pairs)-1])
}

// median is that of values in order.
func median(sorted []float64) float64 {
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

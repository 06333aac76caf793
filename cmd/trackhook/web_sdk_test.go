package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine/sandbox"
)

// Adjust's Web SDK, as npm has it. The digest is that of the file that pages load.
const (
	webSDK       = "@adjustcom/adjust-web-sdk@5.8.3"
	webSDKDigest = "7c725a5c53b19442bf1f47f28ceae6bd7efa5c64e7fcab9fd3854162f918edaa"
)

// The names of the page and of the host; the browser is told that both are this machine.
const (
	gameName, trackName = "game.example", "track.example"
	webApp, webToken    = "abc123def456", "secret-of-operators"
)

// fetchWebSDK returns the file that pages load.
func fetchWebSDK(ctx context.Context, dir string) ([]byte, error) {
	text, err := fetchPackage(ctx, dir, webSDK, "package/dist/adjust-latest.min.js")
	if digest := fmt.Sprintf("%x", sha256.Sum256(text)); err == nil && digest != webSDKDigest {
		err = fmt.Errorf("%s is another file than it was: its digest is %s", webSDK, digest)
	}
	return text, err
}

// fetchPackage returns a file of a package of npm.
func fetchPackage(ctx context.Context, dir, name, file string) ([]byte, error) {
	npm := exec.CommandContext(ctx, "npm", "pack", "--silent", name)
	npm.Dir = dir
	npm.Env = append(os.Environ(), "npm_config_prefer_offline=true", "npm_config_fetch_retries=1", "npm_config_update_notifier=false")
	if out, err := npm.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm cannot bring %s: %w\n%s", name, err, out)
	}
	packed, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return nil, fmt.Errorf("npm left %q: %w", packed, err)
	}
	archive, err := os.Open(packed[0])
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	unzipped, err := gzip.NewReader(archive)
	if err != nil {
		return nil, err
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if err != nil {
			return nil, fmt.Errorf("look for %s in %s: %w", file, name, err)
		}
		if header.Name == file {
			return io.ReadAll(files)
		}
	}
}

// web is a game on a page of its own origin, a browser that shows it, a host and Adjust's server.
type web struct {
	*testing.T
	server *sandbox.LocalServer
	// page is where the game is served, and track what the SDK is told of the host: its name and port.
	page, track string
	log         string // the file with the host's log
	// lose has the proxy lose the next answer to an event.
	lose atomic.Bool
	// events counts those that came to the proxy.
	events   atomic.Int64
	commands chan string
	results  chan string
}

// needed finds the browser and the SDK, where all is to be checked: there they must be.
func needed(t *testing.T) (browser string, sdk []byte) {
	t.Helper()
	if testing.Short() || os.Getenv("CI") != "true" && os.Getenv("TRACKHOOK_LONG") == "" {
		t.Skip("it starts a browser: set TRACKHOOK_LONG=1, without -short")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if browser, _ = exec.LookPath(name); browser != "" {
			break
		}
	}
	if browser == "" {
		t.Fatal("the Web SDK is not tested: no Chromium was found; Debian's package is called chromium")
	}
	sdk, err := fetchWebSDK(t.Context(), t.TempDir())
	if err != nil {
		t.Fatalf("the Web SDK is not tested: %v", err)
	}
	return browser, sdk
}

// startWeb starts everything. origins are those that may send, with PAGE for that of the game; forwarded is the address
// that a proxy before the host tells, where there is one.
func startWeb(t *testing.T, browser string, sdk []byte, origins, forwarded string) *web {
	t.Helper()
	dir := t.TempDir()
	chain, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	leaf, err := writeCertificate(chain, key, "localhost", gameName, trackName)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(chain, key)
	if err != nil {
		t.Fatal(err)
	}
	serve := func(h http.Handler) (port string) {
		server := httptest.NewUnstartedServer(h)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
		server.StartTLS()
		t.Cleanup(server.Close)
		_, port, _ = net.SplitHostPort(server.Listener.Addr().String())
		return port
	}
	w := &web{T: t, commands: make(chan string), results: make(chan string)}
	w.page = "https://" + gameName + ":" + serve(w.game(sdk))
	w.server, err = sandbox.Start(context.Background(), "127.0.0.1:0", sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.server.Close() })

	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	w.track = trackName + ":" + port
	w.host(dir, fmt.Sprintf(`listen: 127.0.0.1:%s
endpoint: %s
apps: [{token: %s, environment: sandbox}]
allowed_hosts: [%s]
api: { tokens_env: WEB_TOKENS, allow_origins: [%q], trusted_proxies: [127.0.0.1] }
tls: { cert_file: chain.pem, key_file: key.pem }
`, port, w.server.URL, webApp, trackName, strings.ReplaceAll(origins, "PAGE", w.page)))
	if forwarded != "" {
		proxy := &httputil.ReverseProxy{
			Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(&url.URL{Scheme: "https", Host: "127.0.0.1:" + port})
				r.Out.Host = trackName
				r.Out.Header.Set("X-Forwarded-For", forwarded)
				if r.In.Method == http.MethodPost && r.In.URL.Path == "/event" {
					w.events.Add(1)
				}
			},
			ModifyResponse: func(answer *http.Response) error {
				if answer.Request.Method == http.MethodPost && answer.Request.URL.Path == "/event" && w.lose.Swap(false) {
					return errors.New("lost")
				}
				return nil
			},
			ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		}
		w.track = trackName + ":" + serve(proxy)
	}
	key256 := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	w.browse(browser, base64.StdEncoding.EncodeToString(key256[:]))
	return w
}

// host starts the host as users do, and waits until it listens.
func (w *web) host(dir, configuration string) {
	w.Helper()
	if err := os.WriteFile(filepath.Join(dir, "host.yaml"), []byte(configuration), 0o600); err != nil {
		w.Fatal(err)
	}
	w.log = filepath.Join(dir, "host.log")
	log, err := os.Create(w.log)
	if err != nil {
		w.Fatal(err)
	}
	host := exec.Command("trackhook", "run", "--config", "host.yaml", "--log-format", "json")
	host.Dir, host.Stderr, host.Env = dir, log, append(os.Environ(), "WEB_TOKENS="+webToken)
	w.start(host, os.Interrupt)
	w.Cleanup(func() {
		if w.Failed() {
			w.Log(w.said())
		}
	})
	w.until("the host listens", func() bool { return strings.Contains(w.said(), "listening for sessions") })
}

// start starts a process that is ended with the test.
func (w *web) start(cmd *exec.Cmd, end os.Signal) {
	w.Helper()
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		_ = cmd.Process.Signal(end)
		_ = cmd.Wait()
	})
}

// browse shows the game in a browser that takes the certificates of this test's key.
func (w *web) browse(browser, key string) {
	w.Helper()
	dir := newProfile(w.T)
	shown := exec.Command(browser,
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-extensions", "--no-proxy-server",
		"--user-data-dir="+filepath.Join(dir, "browser"), "--host-resolver-rules=MAP *.example 127.0.0.1",
		"--ignore-certificate-errors-spki-list="+key, w.page)
	shown.Env = append(os.Environ(), "HOME="+dir)
	w.start(shown, os.Kill)
}

// game serves a page that loads the SDK, and then does what the test says.
func (w *web) game(sdk []byte) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(out, `<!doctype html><title>game</title><script src="/adjust.js"></script><script>
(async () => {
  for (;;) {
    const command = await (await fetch("/next")).text();
    let result;
    try { result = JSON.stringify(await (0, eval)(command)) ?? "undefined"; } catch (e) { result = "failed: " + (e?.stack ?? e); }
    await fetch("/result", { method: "POST", body: result });
  }
})();
</script>`)
	})
	mux.HandleFunc("GET /adjust.js", func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "text/javascript")
		_, _ = out.Write(sdk)
	})
	mux.HandleFunc("GET /next", func(out http.ResponseWriter, r *http.Request) {
		select {
		case command := <-w.commands:
			_, _ = io.WriteString(out, command)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /result", func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			text = []byte("failed: " + err.Error())
		}
		select {
		case w.results <- string(text):
		case <-r.Context().Done():
		}
	})
	return mux
}

// do has the page run a script, and returns the JSON of what it makes.
func (w *web) do(script string) string {
	w.Helper()
	late := time.After(webPatience)
	select {
	case w.commands <- script:
	case <-late:
		w.Fatalf("the page does not ask what to do; %s", script)
	}
	select {
	case result := <-w.results:
		if strings.HasPrefix(result, "failed") {
			w.Fatalf("%s: %s", script, result)
		}
		return result
	case <-late:
		w.Fatalf("the page has not done %s", script)
	}
	return ""
}

// webPatience is how long nothing takes that works.
const webPatience = 2 * time.Minute

// until waits for something that comes by itself.
func (w *web) until(what string, done func() bool) {
	w.Helper()
	tick, late := time.NewTicker(10*time.Millisecond), time.After(webPatience)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			w.Fatalf("waited in vain until %s; the server has got %s", what, w.paths())
		}
	}
}

func (w *web) said() string {
	text, err := os.ReadFile(w.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (w *web) paths() []string {
	var all []string
	for _, r := range w.server.Requests() {
		all = append(all, fmt.Sprintf("%s %d", r.Path, r.Status))
	}
	return all
}

// arrived waits until the server has counted a request of a path, the nth, and returns it.
func (w *web) arrived(path string, nth int) (found sandbox.Request) {
	w.Helper()
	w.until(path+" arrives", func() bool {
		seen := 0
		return slices.ContainsFunc(w.server.Requests(), func(r sandbox.Request) bool {
			if r.Path != path || r.Status != http.StatusOK {
				return false
			}
			found = r
			seen++
			return seen == nth
		})
	})
	return found
}

// has holds parameters of a request against what they must be.
func (w *web) has(r *sandbox.Request, want map[string]string) {
	w.Helper()
	for name, value := range want {
		if got := r.Params[name]; got != value {
			w.Errorf("%s: %s is %q, want %q", r.Path, name, got, value)
		}
	}
}

// begin starts the SDK in the page; where says to which host it sends, with HOST for the name and port.
func (w *web) begin(where string) {
	w.Helper()
	w.do(`new Promise((resolve) => {
		globalThis.attributed = new Promise((told) => { globalThis.tell = told; });
		Adjust.initSdk({
			appToken: "` + webApp + `", environment: "sandbox", logLevel: "verbose",
			` + strings.ReplaceAll(where, "HOST", w.track) + `,
			attributionCallback: (name, attribution) => tell({ name, attribution }),
		});
		resolve(true);
	})`)
}

// The genuine Web SDK in a real browser, on a page of another origin: everything that it sends arrives, and nothing else may
// send.
func TestWebSDK(t *testing.T) {
	browser, sdk := needed(t)
	t.Run("everything", func(t *testing.T) { testWebEverything(startWeb(t, browser, sdk, "PAGE", "")) })
	t.Run("behind a proxy", func(t *testing.T) {
		w := startWeb(t, browser, sdk, "PAGE", "203.0.113.7")
		w.begin(`customUrl: "HOST"`)
		session := w.arrived("/session", 1)
		w.has(&session, map[string]string{"ip_address": "203.0.113.7", "user_agent": unquoted(w, w.do(`navigator.userAgent`))})
	})
	t.Run("answers get lost", func(t *testing.T) {
		w := startWeb(t, browser, sdk, "PAGE", "203.0.113.7")
		w.begin(`urlStrategy: { domains: ["HOST", "HOST"], useSubdomains: false }`) // it tries the second at once
		w.arrived("/session", 1)
		w.lose.Store(true)
		w.do(`Adjust.trackEvent({ eventToken: "abc123" })`)
		w.do(`Adjust.trackEvent({ eventToken: "def456" })`)
		second := w.arrived("/event", 2)
		w.has(&second, map[string]string{"event_token": "def456", "event_count": "2"})
		if sent := w.events.Load(); sent != 3 {
			t.Errorf("the page has sent %d events; the server has got %s", sent, w.paths())
		}
	})
	t.Run("of another origin", func(t *testing.T) {
		w := startWeb(t, browser, sdk, "https://another.example", "")
		w.begin(`urlStrategy: { domains: ["HOST"], useSubdomains: false }`)
		w.until("the log tells", func() bool { return strings.Contains(w.said(), "its origin is not allowed (api.allow_origins)") })
		if got := w.paths(); len(got) > 0 {
			t.Errorf("the server has got %s", got)
		}
	})
}

func testWebEverything(w *web) {
	w.begin(`urlStrategy: { domains: ["HOST"], useSubdomains: false }`)
	session := w.arrived("/session", 1)
	agent := unquoted(w, w.do(`navigator.userAgent`))
	w.has(&session, map[string]string{"user_agent": agent, "platform": "web", "ip_address": "", "s2s": "1"})
	if !strings.HasPrefix(session.Device, "web_uuid=") || session.App != webApp || session.Environment != "sandbox" {
		w.Errorf("the session is of %s, app %s, %s", session.Device, session.App, session.Environment)
	}

	w.do(`Adjust.addGlobalCallbackParameters([{ key: "level", value: "7" }])`)
	w.do(`Adjust.trackEvent({ eventToken: "abc123", callbackParams: [{ key: "user", value: "ä & b" }], partnerParams: [{ key: "partner", value: "q" }] })`)
	event := w.arrived("/event", 1)
	w.has(&event, map[string]string{"event_token": "abc123", "user_agent": agent, "event_count": "1"})
	if event.Device != session.Device || event.CallbackParams["user"] != "ä & b" || event.CallbackParams["level"] != "7" || event.PartnerParams["partner"] != "q" {
		w.Errorf("the event is of %s, with %v and %v", event.Device, event.CallbackParams, event.PartnerParams)
	}
	// A click is not taken, and does not hold up what comes after it.
	w.do(`Adjust.setReferrer("adjust_external_click_id%3D17")`)
	w.do(`Adjust.trackEvent({ eventToken: "rev123", revenue: 1.99, currency: "EUR", deduplicationId: "order-7" })`)
	revenue := w.arrived("/event", 2)
	w.has(&revenue, map[string]string{"event_token": "rev123", "revenue": "1.99000", "currency": "EUR", "deduplication_id": "order-7", "event_count": "2"})

	w.do(`{
		const sharing = new Adjust.ThirdPartySharing(false);
		sharing.addGranularOption("facebook", "data_processing_options_country", "1");
		sharing.addPartnerSharingSetting("all", "install", false);
		Adjust.trackThirdPartySharing(sharing);
	}`)
	sharing := w.arrived("/third_party_sharing", 1)
	w.has(&sharing, map[string]string{
		"sharing": "disable", "granular_third_party_sharing_options": `{"facebook":{"data_processing_options_country":"1"}}`,
		"partner_sharing_settings": `{"all":{"install":false}}`,
	})

	// The server is asked where the user came from, and the page is told.
	var told struct {
		Name        string
		Attribution map[string]string
	}
	if err := json.Unmarshal([]byte(w.do(`attributed`)), &told); err != nil {
		w.Fatal(err)
	}
	d := w.server.Devices(0, 1)[0]
	if told.Attribution["network"] != "Organic" || told.Attribution["adid"] != d.ADID || told.Attribution["tracker_token"] == "" {
		w.Errorf("the attribution callback is told %+v; the device is %s", told, d.ADID)
	}
	if waited := w.do(`Adjust.waitForAttribution()`); !strings.Contains(waited, `"network":"Organic"`) {
		w.Errorf("waitForAttribution gives %s", waited)
	}

	if !strings.Contains(w.said(), "the click is lost") {
		w.Error("the log does not say that a click was lost")
	}
	w.do(`Adjust.gdprForgetMe()`)
	erasure := w.arrived("/gdpr_forget_device", 1)
	if erasure.Device != session.Device {
		w.Errorf("the erasure is of %s", erasure.Device)
	}
	if d := w.server.Devices(0, 1)[0]; !d.OptedOut || d.Sessions != 1 || d.Events != 2 || d.Sharing != "disable" {
		w.Errorf("the server knows %+v", d)
	}

	// What operators do needs a token still, also of pages that may send.
	const refused = `Promise.all(["/api/v1/packages", "/metrics"].map((path) =>
		fetch("https://TRACK" + path).then((answer) => "" + answer.status, (e) => e.name)))`
	if got := w.do(strings.ReplaceAll(refused, "TRACK", w.track)); got != `["TypeError","TypeError"]` {
		w.Errorf("the page reads %s of operators' paths", got)
	}
}

// unquoted is the text of a JSON string.
func unquoted(w *web, text string) (plain string) {
	w.Helper()
	if err := json.NewDecoder(bytes.NewReader([]byte(text))).Decode(&plain); err != nil {
		w.Fatal(errors.Join(err, errors.New(text)))
	}
	return plain
}

package console

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine/site"
)

//go:generate go test ./internal/pack -run ^TestDistIsThatOfItsSources$ -write
//go:embed all:dist
var dist embed.FS

// Built tells whether the page is part of this build. Without it, there is nothing to look at.
func Built() bool {
	_, err := fs.Stat(dist, "dist/app.js")
	return err == nil
}

// Grant is what was given to somebody. Its zero value is nothing.
type Grant struct {
	// Who is what logs and the page call whoever has it. Empty: it is nobody's in particular.
	Who string
	// Access tells what it allows at this moment. What was granted may be taken back: then it is nothing.
	Access func() site.Access
}

// now is what the grant allows.
func (g Grant) now() site.Access {
	if g.Access == nil {
		return 0
	}
	return g.Access()
}

// Config says who may sign in. Token, Access and Port are required; every other zero field means its default.
type Config struct {
	// Token returns what somebody may do who has a token of the host. False: it is none.
	Token func(secret string) (Grant, bool)
	// Access tells what an asker may do who has no session, such as by a token in a header, and whether it is known.
	Access func(*http.Request) (access site.Access, known bool)
	// Port is the port that browsers use, and Secure tells that they speak TLS to it.
	Port   string
	Secure bool
	// Enabled tells whether the page is served. It may change. Default: it is.
	Enabled func() bool
	// About tells what the page should know of the host. Default: nothing.
	About func() About
	// Idle is how long a session lasts without being used. Default [DefaultIdle].
	Idle time.Duration
	// Delay is how long a wrong token or code waits for its answer. Default [DefaultDelay].
	Delay time.Duration
	// Files are those of the page. Default: those of this build.
	Files fs.FS
	// Log receives who signs in, and who tries to. Default: nothing is logged.
	Log zerolog.Logger
}

// The defaults of [Config].
const (
	DefaultIdle  = 2 * time.Hour
	DefaultDelay = time.Second
)

// About is what the page should know of the host.
type About struct {
	Version string `json:"version"`
	// Demo is true when the host runs without any configuration.
	Demo bool `json:"demo"`
	// Edit is false when scripts are not to be changed from the page, and ReadOnly says why.
	Edit     bool   `json:"edit"`
	ReadOnly string `json:"read_only,omitempty"`
}

// Console serves the page. Use [New].
type Console struct {
	cfg      Config
	cookie   string
	page     *page
	sessions sessions
	codes    codes
	// failing has a place for every wrong answer that waits.
	failing chan struct{}
}

// New makes a console. It panics where something required is missing, which is a mistake of the program.
func New(cfg Config) *Console {
	if cfg.Token == nil || cfg.Access == nil || cfg.Port == "" {
		panic("console: Config.Token, Access and Port are required")
	}
	if cfg.Enabled == nil {
		cfg.Enabled = func() bool { return true }
	}
	if cfg.About == nil {
		cfg.About = func() About { return About{} }
	}
	if cfg.Idle == 0 {
		cfg.Idle = DefaultIdle
	}
	if cfg.Delay == 0 {
		cfg.Delay = DefaultDelay
	}
	if cfg.Files == nil {
		files, err := fs.Sub(dist, "dist")
		if err != nil {
			panic(err) // it is a valid name
		}
		cfg.Files = files
	}
	return &Console{
		cfg: cfg, cookie: "trackhook_" + cfg.Port, page: newPage(cfg.Files), failing: make(chan struct{}, maxFailing),
		sessions: sessions{idle: cfg.Idle}, codes: codes{},
	}
}

// Path is where everything is.
const Path = "/console/"

const sessionPath = Path + "session"

// ServeHTTP serves what is below [Path].
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case !c.cfg.Enabled():
		refuse(w, http.StatusNotFound, "Not found", "the console of this host is switched off (console.enabled)")
	case r.URL.Path+"/" == Path:
		http.Redirect(w, r, Path, http.StatusPermanentRedirect)
	case r.URL.Path == sessionPath:
		c.session(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "Method not allowed", "use GET")
	default:
		c.page.serve(w, r, strings.TrimPrefix(r.URL.Path, Path))
	}
}

// refuse answers an error, as the API does.
func refuse(w http.ResponseWriter, status int, message, detail string) {
	write(w, status, map[string]string{"error": message, "detail": detail})
}

// write answers with JSON, which nobody is to keep.
func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // what this package answers are plain values
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the asker may have gone
}

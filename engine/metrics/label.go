package metrics

import (
	"strings"
	"sync"

	"trackhook/engine"
)

// MaxApps is how many apps have label values of their own. Those beyond it share one, because any sender may name an app
// on a host that is open to all.
const MaxApps = 100

const (
	appLabel         = "app_token"
	environmentLabel = "environment"
	// other is the label value of what has none of its own.
	other = "other"
)

// label makes text a label value: Prometheus takes UTF-8 only, and would answer nothing at all otherwise.
func label(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// kind is a label value.
func kind(k engine.Kind) string {
	if !k.Known() {
		return other
	}
	return string(k)
}

// appLabels gives label values to the first [MaxApps] apps that it is asked about.
type appLabels struct {
	mu   sync.RWMutex
	apps map[engine.App]bool // guarded by mu
}

// values returns the label values of an app.
func (l *appLabels) values(app engine.App) (token, environment string) {
	if !l.admit(app) {
		return other, other
	}
	return label(app.Token), label(string(app.Environment))
}

// admit tells whether an app has values of its own, now or from now on.
func (l *appLabels) admit(app engine.App) bool {
	l.mu.RLock()
	known := l.apps[app]
	l.mu.RUnlock()
	if known {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.apps == nil {
		l.apps = map[engine.App]bool{}
	}
	if !l.apps[app] && len(l.apps) >= MaxApps {
		return false
	}
	l.apps[app] = true
	return true
}

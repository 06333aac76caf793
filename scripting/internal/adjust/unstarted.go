package adjust

import (
	"slices"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
)

// maxUnstarted bounds the configs that are remembered, for the script that makes one after the other and starts none.
const maxUnstarted = 16

// Unstarted is a config that has a listener and that neither Adjust.create nor Adjust.initSdk has taken: the listener
// hears nothing.
type Unstarted struct {
	// Setter is the method that set the first listener, and At where that was.
	Setter string
	At     *script.Error

	config *goja.Object
}

// Message says what is wrong and what to do.
func (u *Unstarted) Message() string {
	return "AdjustConfig." + u.Setter + " has no effect: the config was not started, so this listener hears nothing; " +
		"call Adjust.create(config), or Adjust.initSdk(config), when all is set"
}

// noteUnstarted notes that a listener was set in a config that is not started yet.
func (a *API) noteUnstarted(config *goja.Object, s *configSetter, value goja.Value) {
	if _, isFunction := machine.AsFunction(value); !isFunction || !a.isListener(s.field) || len(a.unstarted) == maxUnstarted {
		return
	}
	if _, started := a.started(config); started || slices.ContainsFunc(a.unstarted, func(u Unstarted) bool { return u.config == config }) {
		return
	}
	a.unstarted = append(a.unstarted, Unstarted{Setter: s.name, At: a.m.Here(), config: config})
	a.plugin.Unstarted(a.unstarted)
}

// forgetUnstarted notes that a config was started.
func (a *API) forgetUnstarted(config *goja.Object) {
	left := slices.DeleteFunc(slices.Clone(a.unstarted), func(u Unstarted) bool { return u.config == config })
	if len(left) < len(a.unstarted) {
		a.unstarted = left
		a.plugin.Unstarted(left)
	}
}

// isListener tells whether a field of a config holds a listener that a host calls.
func (a *API) isListener(field string) bool {
	return slices.ContainsFunc(a.api().listeners, func(l configListener) bool { return l.field == field && l.slot != nil })
}

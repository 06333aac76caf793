package scripting

import (
	"context"
	"errors"
	"strings"

	"trackhook/engine"
	"trackhook/scripting/internal/storage"
)

// listenerPrefix begins the names of the cursors of plugins, which stand in the log beside those of other listeners. The
// space of a plugin's localStorage happens to have the same name; see [StoredSpace].
const listenerPrefix = "plugin/"

// ListenerName is the name under which a plugin listens: that of its cursor in the log of its host's store. Stores keep
// it, so it never changes.
func ListenerName(plugin string) string { return listenerPrefix + plugin }

// ListeningPlugin is the plugin that listens under a name, such as those of the cursors of [engine.Log]. ok is false for
// the names of listeners that are not plugins.
func ListeningPlugin(listener string) (plugin string, ok bool) {
	return strings.CutPrefix(listener, listenerPrefix)
}

// Forget removes all that the store of an engine keeps of a plugin: its localStorage, the sources of its versions, and its cursor. A
// plugin of that name is new from then on: its localStorage is empty, and it hears the responses that are logged after
// it was loaded. The error is [engine.ErrNotFound] when nothing is kept.
//
// The cursor goes last, because it is what shows that there is something: after any other error the plugin still has
// one, and Forget can be called again.
//
// Only plugins that no host runs can be forgotten: a running one keeps its localStorage in memory, may write it again,
// and could not commit its cursor. Forget may be called from many goroutines at once.
func Forget(ctx context.Context, e *engine.Engine, plugin string) error {
	found := false
	for _, space := range []string{storage.Space(plugin), SourceSpace(plugin)} {
		some, err := clearSpace(ctx, e.Store(), space)
		if err != nil {
			return err
		}
		found = found || some
	}
	err := e.Forget(ctx, ListenerName(plugin))
	if found && errors.Is(err, engine.ErrNotFound) {
		return nil
	}
	return err
}

// clearSpace removes all values of a space, and tells whether there were any.
func clearSpace(ctx context.Context, store engine.Values, space string) (some bool, err error) {
	values, err := store.Values(ctx, space)
	if err != nil || len(values) == 0 {
		return false, err
	}
	for key := range values {
		values[key] = nil
	}
	return true, store.SetValues(ctx, space, values)
}

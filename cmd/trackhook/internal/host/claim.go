package host

import (
	"context"
	"errors"
	"fmt"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/store"
)

// claim marks the store as the demo's or as that of a configured host, and refuses one that is the other's: packages
// of a made-up app must not lie among real ones, and real ones must not reach the server of the demo.
func (h *Host) claim(ctx context.Context) error {
	mine := store.OwnerUser
	if len(h.apps) == 0 {
		mine = store.OwnerDemo
	}
	owner, err := h.owner(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("find out whose the data folder is: %w", err)
	case owner == "":
		return h.store.SetValues(ctx, store.OwnerSpace, map[string][]byte{store.OwnerKey: []byte(mine)})
	case owner == mine:
		return nil
	case h.settings.OnPostgres() && mine == store.OwnerDemo:
		return &config.Error{Err: errors.New("without apps in its configuration this is the demo, and the schema of the database belongs to hosts that " +
			"were configured; name the configuration with --config, or give the demo a schema of its own with cluster.schema")}
	case h.settings.OnPostgres():
		return &config.Error{Err: errors.New("the schema of the database belongs to the demo, and holds packages of an app that was made up; give this " +
			"host another with cluster.schema in its configuration, or drop the schema when nothing in it is wanted")}
	case mine == store.OwnerDemo:
		return &config.Error{Err: fmt.Errorf("without apps in its configuration this is the demo, and the data folder %s belongs to a host that "+
			"was configured; name the configuration with --config, or give the demo a folder of its own with --data", h.settings.Data)}
	default:
		return &config.Error{Err: fmt.Errorf("the data folder %s belongs to the demo, and holds packages of an app that was made up; give this host "+
			"another with data: in its configuration or --data, or remove the folder when nothing in it is wanted", h.settings.Data)}
	}
}

// owner returns whose the store is, empty for one that is new. Stores from before there was the mark are the demo's when
// they know its device, and else those of a configured host where they hold anything.
func (h *Host) owner(ctx context.Context) (string, error) {
	owner, err := store.Owner(ctx, h.store)
	if err != nil || owner != "" {
		return owner, err
	}
	stats, err := h.store.Stats(ctx)
	if err == nil && stats.Queued+stats.Dead+stats.Last > 0 {
		return store.OwnerUser, nil
	}
	return "", err
}

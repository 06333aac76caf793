package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/cmd/trackhook/internal/store"
	"trackhook/engine"
	"trackhook/scripting"
)

// storeSource reads the data folder of a host that does not run, or the database of hosts of which none was asked.
type storeSource struct {
	store  engine.Store
	name   string
	device map[string]string // of the demo
}

func openStore(cfg *config.Config) (*storeSource, error) {
	name := "database " + cfg.DatabaseName()
	if !cfg.OnPostgres() {
		name = "data folder " + filepath.ToSlash(cfg.Data)
	}
	if _, err := os.Stat(cfg.Data); !cfg.OnPostgres() && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no host answers, and there is no data folder %s; start one with `trackhook run`, or name the folder with --data", cfg.Data)
	}
	opened, err := store.Open(context.Background(), cfg, store.About{})
	if err != nil {
		return nil, err
	}
	s := &storeSource{store: opened, name: name}
	if len(cfg.Apps) == 0 && len(cfg.Device) == 0 {
		// A demo that never ran has none, and then there is nothing to replay either.
		if device, err := demo.KeptDevice(context.Background(), opened); err == nil {
			s.device = device
		}
	}
	return s, nil
}

func (s *storeSource) String() string { return s.name }

func (s *storeSource) last(ctx context.Context) (uint64, error) { return s.store.Last(ctx) }

func (s *storeSource) responses(ctx context.Context, after uint64, limit int) ([]engine.Response, uint64, error) {
	end, err := s.store.Last(ctx)
	if err != nil || after >= end {
		return nil, after, err
	}
	// The log waits when retention has removed all that there was.
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	read, err := s.store.Read(short, after, limit)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, after, nil
	}
	if err != nil {
		return nil, after, err
	}
	if len(read) > 0 {
		after = read[len(read)-1].Seq
	}
	return read, after, nil
}

func (s *storeSource) sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	return s.store.Values(ctx, scripting.SourceSpace(plugin))
}

func (s *storeSource) stored(ctx context.Context, plugin string) (map[string][]byte, error) {
	return s.store.Values(ctx, scripting.StoredSpace(plugin))
}

func (s *storeSource) adapt(cfg *scripting.Config) {
	if s.device != nil {
		cfg.Device = s.device
	}
}

func (s *storeSource) track(ctx context.Context, packages []engine.Package) error {
	now := time.Now()
	prepared := make([]engine.Package, len(packages))
	for i := range packages {
		p := packages[i].Clone()
		p.Created = now
		// The id that the running host would make of the same key.
		p.ID = engine.KeyedID(p.App, p.Kind, p.ID)
		if err := p.Prepare(now); err != nil {
			return err
		}
		prepared[i] = p
	}
	return s.store.Append(ctx, prepared...)
}

func (s *storeSource) close() error { return s.store.Close() }

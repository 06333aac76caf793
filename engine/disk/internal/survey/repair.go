package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"
	"trackhook/engine/disk/internal/setup"

	"github.com/cockroachdb/pebble/v2"
)

// Repair makes a store in the folder to of all that can be read of the one in cfg.Dir, which it leaves as it is. to must
// be missing or empty. Nobody may have the store open. Each package and each dead letter that is lost leaves a response in
// the log of the new store, as far as anything still says that it was there; the report counts the others.
func Repair(ctx context.Context, cfg Config, to string) (report *Report, err error) {
	if names, err := cfg.FS.List(to); err == nil && len(names) > 0 {
		return nil, fmt.Errorf("repair store: %s is not empty; choose a folder that does not exist yet", to)
	}
	s, err := openSurvey(ctx, cfg, to+".copy")
	if err != nil {
		return nil, fmt.Errorf("repair store: %w", err)
	}
	defer func() {
		if err = errors.Join(err, s.close()); err != nil {
			report, err = nil, fmt.Errorf("repair store: %w", err)
		}
	}()
	if err := s.checkFiles(); err != nil {
		return nil, err
	}
	slices.Sort(s.report.Files)
	locked, err := folder.Lock(s.cfg.FS, to)
	if err != nil {
		return nil, err
	}
	r := &repair{survey: s, lanes: make(map[string]*format.LaneRecord), lost: make(map[uint64]lostPackage)}
	return s.report, errors.Join(r.run(to, locked.PebbleLock()), locked.Unlock())
}

func (r *repair) run(to string, lock *pebble.Lock) (err error) {
	r.into, err = setup.Open(to, setup.Config{
		Files: r.cfg.FS, Lock: lock, Rot: read.NewRot(r.cfg.Log), Log: r.cfg.Log, MemTable: r.cfg.MemTable, MustBeNew: true,
	})
	if err != nil {
		return fmt.Errorf("make store %s: %w", to, err)
	}
	r.batch = r.into.NewBatch()
	for _, step := range []func() error{
		r.copyAlone, r.copyResponses, r.copyPackages, r.copyDead, r.copyDevices, r.copyIDs, r.findLost, r.writeLost, r.writeLanes, r.finish,
	} {
		if err == nil {
			err = errors.Join(step(), r.flush(0))
		}
	}
	return errors.Join(err, r.into.Close())
}

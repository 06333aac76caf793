package survey

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/guard"
)

// Locked calls use with what a store has counted, while its folder is locked and nobody changes it. One that does not open
// is an error, as is one whose format or counts cannot be read, and use is not called. What an opening does before it reads
// is done here too: where an older program left no file of logs, one is written.
func Locked(ctx context.Context, cfg Config, use func(format.State) error) error {
	s, err := openSurvey(ctx, cfg, "")
	if err != nil {
		return folder.Advise(err)
	}
	if !s.known || !s.counts {
		err = fmt.Errorf("the format of the store, or what it has counted, is missing or cannot be understood, so that it does not open; %s", folder.WayOn)
		return errors.Join(err, s.close())
	}
	guarded := guard.New(cfg.FS, func(error) {})
	if err = folder.Check(cfg.FS, guarded, cfg.Dir, &cfg.Log); err == nil {
		if err = guarded.Failure(); err != nil {
			err = fmt.Errorf("look at %s: %w", cfg.Dir, err)
		}
	}
	if err == nil {
		err = use(s.state)
	}
	return errors.Join(err, s.close())
}

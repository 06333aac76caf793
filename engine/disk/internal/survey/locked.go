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
// is an error, and use is not called.
func Locked(ctx context.Context, cfg Config, use func(format.State) error) error {
	s, err := openSurvey(ctx, cfg, "")
	if err != nil {
		return folder.Advise(err)
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

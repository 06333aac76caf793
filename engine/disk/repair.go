package disk

import (
	"context"
	"fmt"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/survey"
)

// Report says what [Verify] or [Repair] has found in a store.
type Report = survey.Report

// Verify reads everything that is stored in cfg.Dir and says what is damaged and what does not fit together. It changes
// nothing there but the name of the owner, and it takes as long as reading the whole store. Nobody may have the store open.
// The error says that the store could not be looked at; what is found is in the report.
func Verify(ctx context.Context, cfg Config) (*Report, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("verify store: %w", err)
	}
	return survey.Verify(ctx, cfg.survey())
}

// Repair makes a store in the folder to of all that can be read of the one in cfg.Dir, which it leaves as it is. to must be
// missing or empty. Nobody may have the store open. Each package and each dead letter that is lost leaves a response in the
// log of the new store, as far as anything still says that it was there; the report counts the others. What the damage took
// of the IDs that were done is forgotten: were one of them handed in again, it would be sent again.
func Repair(ctx context.Context, cfg Config, to string) (*Report, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("repair store: %w", err)
	}
	if err := folder.RefuseMoved(cfg.FS, cfg.Dir); err != nil {
		return nil, fmt.Errorf("repair store %s: %w", cfg.Dir, err)
	}
	return survey.Repair(ctx, cfg.survey(), to)
}

// Held is what a store holds that nobody has open. It is a [trackhook/engine/contents.Source].
type Held = survey.Held

// Move says where what a store holds is moved to. While there is one, [Open] and [Repair] refuse the folder: what is queued would
// be sent from two places.
type Move = folder.Move

// Contents calls use with what is stored in cfg.Dir, which stays locked meanwhile, so that nobody has it open. All of it is read
// first: a store that is damaged is an error, and use is not called.
func Contents(ctx context.Context, cfg Config, use func(*Held) error) error {
	cfg, err := cfg.withDefaults()
	if err == nil {
		err = survey.Contents(ctx, cfg.survey(), use)
	}
	if err != nil {
		return fmt.Errorf("data folder %s: %w", cfg.Dir, err)
	}
	return nil
}

func (c *Config) survey() survey.Config {
	return survey.Config{Dir: c.Dir, FS: c.FS, Log: c.Log, MemTable: c.memTable}
}

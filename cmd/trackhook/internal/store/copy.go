package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"trackhook/engine/contents"
	"trackhook/engine/disk"
	"trackhook/engine/postgres"
)

// Copy is a data folder that is moved into a database. All but DryRun, Configured and Progress is required.
type Copy struct {
	From disk.Config
	To   postgres.Config
	// Where is the database in words that hold no secret.
	Where string
	// Configured says that apps are configured, so that the demo's folder is not what is meant.
	Configured bool
	// DryRun only looks, and changes nothing.
	DryRun bool
	// Progress is told now and then how much of something is there.
	Progress func(what string, done uint64)
}

// Copied says what a copy has moved, or would.
type Copied struct {
	// Totals count what the folder holds, and Moved what was brought into the database, by what it is.
	Totals contents.Totals
	Moved  map[string]uint64
	// Again says that an earlier copy was gone on with.
	Again bool
}

// Run moves the folder, or goes on where an earlier run was interrupted. Neither side may be in use. When it returns nil, all is in
// the database, and no host starts with the folder any more.
func (c *Copy) Run(ctx context.Context) (done Copied, err error) {
	if c.From.Dir, err = filepath.Abs(c.From.Dir); err != nil {
		return done, err
	}
	err = disk.Contents(ctx, c.From, func(held *disk.Held) error {
		done.Totals = held.Totals()
		owner, err := Owner(ctx, held)
		if err != nil {
			return err
		}
		if c.Configured && owner == OwnerDemo {
			return errors.New("it belongs to the demo, and holds packages of an app that was made up; the configuration has other apps")
		}
		im, err := postgres.OpenImport(ctx, c.To)
		if err != nil {
			return err
		}
		defer im.Close(ctx)
		err = c.into(ctx, held, im, &done)
		done.Moved = im.Moved()
		return err
	})
	return done, err
}

// into moves what is held into a database.
func (c *Copy) into(ctx context.Context, held *disk.Held, im *postgres.Import, done *Copied) error {
	move, err := held.Move()
	if err != nil {
		return err
	}
	state, err := im.State(ctx)
	if err != nil {
		return err
	}
	mine := move.ID != "" && state.ID == move.ID
	switch {
	case move.Done:
		return fmt.Errorf("it was moved to %s already", move.To)
	case !mine && state.ID != "" && !state.Complete:
		return fmt.Errorf("%s holds a part of another data folder, %s, or of what this one held before: finish that copy, or give it up and remove the schema",
			c.Where, state.From)
	case !mine && move.ID != "" && move.To != c.Where:
		return fmt.Errorf("it is being moved to %s, and that has not come to its end: go on with it, or give it up, with the file MOVED in the folder and what is in "+
			"that database removed", move.To)
	}
	if done.Again = mine; !mine {
		if err := im.Check(ctx); err != nil || c.DryRun {
			return err
		}
		if move, err = c.begin(ctx, held, im, move); err != nil {
			return err
		}
	}
	if c.DryRun {
		return nil
	}
	if !mine || !state.Complete {
		if err := im.Run(ctx, held, c.Progress); err != nil {
			return fmt.Errorf("%w; the same command goes on where it was", err)
		}
	}
	move.Done = true
	return held.SetMove(move)
}

// begin notes on both sides that the folder is moved.
func (c *Copy) begin(ctx context.Context, held *disk.Held, im *postgres.Import, before disk.Move) (disk.Move, error) {
	move := before
	if move.ID == "" {
		move = disk.Move{ID: rand.Text(), To: c.Where}
		if err := held.SetMove(move); err != nil {
			return move, err
		}
	}
	from := c.From.Dir
	if name, err := os.Hostname(); err == nil {
		from += " on " + name
	}
	err := im.Begin(ctx, move.ID, from, held.Totals().Now)
	if err != nil && before.ID == "" {
		if state, look := im.State(ctx); look == nil && state.ID == "" { // and it is known that nothing has begun
			err = errors.Join(err, held.SetMove(disk.Move{}))
		}
	}
	return move, err
}

package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"
)

// expireStep bounds the dead letters that one step drops.
const expireStep = 1000

// expireDead drops the dead letters that were kept long enough, and tells.
func (db *database) expireDead() {
	for total := 0; db.cause() == nil; {
		ids, err := db.expiredDead()
		dropped := 0
		if err == nil {
			dropped, err = db.drop(context.Background(), ids, dropReason{
				rule: "dead letter age", message: fmt.Sprintf("it was a dead letter for longer than %s", db.cfg.DeadAge),
			})
		}
		if err != nil && db.cause() == nil {
			db.cfg.Log.Error().Err(err).Msg("cannot drop old dead letters; it is tried again")
		}
		if total += dropped; err == nil && len(ids) == expireStep && dropped > 0 {
			continue
		}
		if total > 0 {
			db.cfg.Log.Warn().Int("dropped", total).Dur("age", db.cfg.DeadAge).
				Msg("dead letters were kept for as long as they are; they are dropped, and each has a response in the log")
		}
		return
	}
}

// expiredDead returns the oldest dead letters, if they were kept long enough.
func (db *database) expiredDead() (ids []string, err error) {
	now := db.clock.now()
	it, err := read.NewWalker(db.pebble, db.rot, read.AllOf(format.DeadLetters))
	if err != nil {
		return nil, err
	}
	for valid := it.First(); valid && len(ids) < expireStep; valid = it.Next() {
		value, err := it.Value()
		if err != nil {
			return nil, errors.Join(err, it.Close())
		}
		d, err := format.DecodeDeadLetter(value)
		if err != nil {
			db.cfg.Log.Error().Err(err).Msg("a dead letter cannot be read; it stays")
			continue
		}
		if now-d.Buried <= int64(db.cfg.DeadAge) {
			break
		}
		ids = append(ids, d.Package.ID)
	}
	return ids, it.Close()
}

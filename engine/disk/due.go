package disk

import (
	"errors"
	"slices"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// readDue reads entries of an app's index that lie behind a place, at most so many. end is the place up to which it has
// read. Of lanes whose entries cannot be read, the records say where those are.
func (db *database) readDue(name string, from format.Place, most int) (found []live.DueLane, end format.Place, err error) {
	w, err := read.NewWalker(db.pebble, db.rot, &pebble.IterOptions{
		LowerBound: format.DueKey(nil, name, from), UpperBound: format.After(format.DueAppKey(nil, name)),
	})
	if err != nil {
		return nil, format.Place{}, err
	}
	for valid := w.First(); valid && len(found) < most; valid = w.Next() {
		_, at, keyErr := format.CutDueKey(w.Key())
		device, valueErr := w.Value()
		if err := errors.Join(keyErr, valueErr); err != nil {
			return nil, format.Place{}, errors.Join(err, w.Close())
		}
		if at != from {
			found = append(found, live.DueLane{Place: at, Lane: name + string(device)})
		}
	}
	holes := w.Holes()
	if err := w.Close(); err != nil {
		return nil, format.Place{}, err
	}
	if len(holes) > 0 {
		hidden, err := db.findDue(name, from, holes)
		if err != nil {
			return nil, format.Place{}, err
		}
		found = append(found, hidden...)
		slices.SortFunc(found, live.DueLane.Compare)
		found = found[:min(len(found), most)]
	}
	end = live.Everything()
	if len(found) == most {
		end = found[most-1].Place
	}
	return found, end, nil
}

// findDue finds the lanes of an app that are due behind a place and whose entries in the index lie in holes. It reads the
// records of all lanes of the app.
func (db *database) findDue(name string, from format.Place, holes []read.Hole) (found []live.DueLane, err error) {
	var key []byte
	_, err = read.Scan(db.pebble, db.rot, read.StartingWith(format.LaneKey(nil, name)), func(laneKey, value []byte) error {
		record, err := format.DecodeLaneRecord(value)
		if err != nil || record.Empty() || !from.Before(record.Next().Place) {
			return nil //nolint:nilerr // a record that cannot be understood says nothing about where its entry is
		}
		key = format.DueKey(key, name, record.Next().Place)
		if slices.ContainsFunc(holes, func(h read.Hole) bool { return h.Has(key) }) {
			found = append(found, live.DueLane{Place: record.Next().Place, Lane: string(laneKey[1:])})
		}
		return nil
	})
	return found, err
}

// loadApps finds the apps that have something in the index of what is due, with a step for each. Where that cannot be
// read, all that have lanes may have something.
func (db *database) loadApps() error {
	apps, holes, err := db.appsOf(format.Due, func(key []byte) (string, error) {
		name, _, err := format.CutDueKey(key)
		return string(name), err
	})
	if err == nil && holes {
		var more []string
		more, _, err = db.appsOf(format.Lanes, func(key []byte) (string, error) {
			return format.AppOfLane(string(key[1:])), nil
		})
		apps = append(apps, more...)
	}
	if err != nil {
		return err
	}
	for _, name := range apps {
		db.memory.KnowApp(name)
	}
	return nil
}

// appsOf finds the apps in an index whose keys begin with them.
func (db *database) appsOf(index format.Prefix, cut func(key []byte) (string, error)) (apps []string, holes bool, err error) {
	w, err := read.NewWalker(db.pebble, db.rot, read.AllOf(index))
	if err != nil {
		return nil, false, err
	}
	for valid := w.First(); valid; {
		name, err := cut(w.Key())
		if err != nil {
			return nil, false, errors.Join(err, w.Close())
		}
		apps = append(apps, name)
		valid = w.SeekGE(format.After(append([]byte{byte(index)}, name...)))
	}
	return apps, len(w.Holes()) > 0, w.Close()
}

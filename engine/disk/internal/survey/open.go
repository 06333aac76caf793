package survey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/guard"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2/record"
)

// openSurvey opens a store for reading only. It is an error when there is none, or when a process has it open.
//
// One that does not open is copied to spare, and what can be read of that is; with no spare it is an error.
func openSurvey(ctx context.Context, cfg Config, spare string) (*survey, error) {
	if _, err := cfg.FS.Stat(cfg.Dir); err != nil {
		return nil, fmt.Errorf("there is no store in %s: %w", cfg.Dir, err)
	}
	s := &survey{ctx: ctx, cfg: cfg, report: &Report{}, rot: read.NewRot(cfg.Log)}
	owned, err := folder.Lock(cfg.FS, cfg.Dir)
	if s.folder = owned; err != nil {
		return nil, err
	}
	if err = s.openPebble(cfg.Dir, s.folder.PebbleLock()); err != nil && spare != "" {
		s.report.wrong("it does not open: %v", err)
		if err = s.makeSpare(spare); err == nil {
			if err = s.openCopy(spare); err != nil {
				err = fmt.Errorf("nothing of %s can be opened; take the newest backup of the whole folder: %w", cfg.Dir, err)
			}
		}
	}
	if err == nil {
		err = s.readState()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// makeSpare makes the folder of a copy, which is removed in the end. One that is there is somebody else's.
func (s *survey) makeSpare(dir string) error {
	err := s.cfg.FS.MkdirAll(s.cfg.FS.PathDir(dir), 0o700)
	if err == nil {
		err = guard.MakeNew(s.cfg.FS, dir)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s, where a copy for the repair would be made, is there already; move it away or name another folder", dir)
	case err != nil:
		return fmt.Errorf("make %s for a copy: %w", dir, err)
	}
	s.copied = dir
	return nil
}

// openCopy opens a copy of a store that does not open as it is, with its log of changes as far as that can be read.
func (s *survey) openCopy(dir string) error {
	if err := folder.Copy(s.cfg.FS, s.cfg.Dir, dir); err != nil {
		return err
	}
	if err := s.cutLogs(dir); err != nil {
		return err
	}
	if err := folder.WriteMarkers(s.cfg.FS, dir); err != nil {
		return err
	}
	return s.openWithStandIns(dir)
}

// openWithStandIns opens a copy. A table that is missing, or has not the size that it should have, is replaced by one of that
// size which cannot be read: what was in it is lost, and the rest can be opened.
func (s *survey) openWithStandIns(dir string) error {
	stood := make(map[string]bool)
	for {
		err := s.openPebble(dir, nil)
		tables := folder.WrongTables(err)
		if len(tables) == 0 {
			return err
		}
		for name, size := range tables {
			if stood[name] && size == 0 {
				return err
			}
			if !stood[name] {
				s.report.Files = append(s.report.Files, name+": it is missing, or a part of it")
			}
			stood[name] = true
			if writeErr := folder.WriteFile(s.cfg.FS, s.cfg.FS.PathJoin(dir, name), string(make([]byte, max(size, 1)))); writeErr != nil {
				return writeErr
			}
		}
	}
}

// cutLogs ends the log of changes where it cannot be read: what was written afterwards would stand on what is missing.
func (s *survey) cutLogs(dir string) error {
	names, err := s.cfg.FS.List(dir)
	if err != nil {
		return fmt.Errorf("list %s: %w", dir, err)
	}
	slices.Sort(names)
	cut := ""
	for _, name := range names {
		text, isLog := strings.CutSuffix(name, ".log")
		number, err := strconv.ParseUint(text, 10, 64)
		if !isLog || err != nil {
			continue
		}
		file := s.cfg.FS.PathJoin(dir, name)
		if cut != "" {
			s.report.wrong("%s comes after the damage of %s and cannot be used", name, cut)
			if err := s.cfg.FS.Remove(file); err != nil {
				return fmt.Errorf("remove %s: %w", file, err)
			}
			continue
		}
		data, end, why, err := s.readLog(file, number)
		if err != nil {
			return err
		}
		if why == nil {
			continue
		}
		cut = name
		s.report.Files = append(s.report.Files, fmt.Sprintf("%s: %v", name, why))
		s.report.wrong("%s: of the newest changes, those from byte %d of %d on are lost; what was accepted then is gone, and what was sent then is sent again",
			name, end, len(data))
		if err := folder.WriteFile(s.cfg.FS, file, string(data[:end])); err != nil {
			return err
		}
	}
	return nil
}

// readLog reads a file of the log of changes, and tells where what can be read of it ends, and why it does not go on.
func (s *survey) readLog(name string, number uint64) (data []byte, end int64, why, err error) {
	file, err := s.cfg.FS.Open(name)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("open %s: %w", name, err)
	}
	data, err = io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, 0, nil, fmt.Errorf("read %s: %w", name, err)
	}
	records := numbered(record.NewReader, strings.NewReader(string(data)), number)
	for {
		end = min(records.Offset(), int64(len(data)))
		one, err := records.Next()
		if err == nil {
			_, err = io.Copy(io.Discard, one)
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return data, end, nil, nil // as after a crash
		default:
			return data, end, err, nil
		}
	}
}

// numbered calls a function whose number is of a type that has no name outside of Pebble.
func numbered[N ~uint64, R any](build func(io.Reader, N) R, from io.Reader, number uint64) R {
	return build(from, N(number))
}

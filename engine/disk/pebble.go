package disk

import (
	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// The sizes keep what the store asks for under 100 MB at full load. The cache is the bound for both cached blocks and
// memtables: Pebble takes the memtables out of it. It must be larger than all memtables together, or nothing at all is
// cached: with a cache of 16 MB and memtables of 8 MB, 40 % of the CPU of an Append read the same filter again and again.
//
// Of 8 and 16 MB memtables, and compactions that begin at 4 or 8 files, the larger and later wrote least: an Append
// took 54 us of CPU, against 56 to 61. A cache of 48 MB with memtables of 12 MB saves 13 MB and costs a tenth more CPU.
const (
	cacheBytes    = 64 << 20
	memTableBytes = 16 << 20
	memTables     = 3
)

// pebbleOptions returns how Pebble is set up: on the guarded files, under the lock of the directory.
func pebbleOptions(cfg Config, files vfs.FS, lock *pebble.Lock, compactions *compactionScheduler, r *rot) *pebble.Options {
	log := cfg.Log
	opts := &pebble.Options{
		FS:                          files,
		Lock:                        lock,
		Logger:                      guard.NewLogger(log),
		CacheSize:                   cacheBytes,
		MemTableSize:                memTableBytes,
		MemTableStopWritesThreshold: memTables,
		MaxOpenFiles:                256,
		L0CompactionThreshold:       8,
		// Files that cannot be tidied up, because one of them is damaged, must not stop the intake: reads get slower instead.
		L0StopWritesThreshold: 200,
		BytesPerSync:          1 << 20,
		// Pinned: a newer Pebble must not raise it by itself, because the program before could not open the store then.
		FormatMajorVersion: pebble.FormatTableFormatV6,
		EventListener: &pebble.EventListener{
			// Pebble tries again by itself. What changes the disk never comes here, because the guard takes it.
			// A compaction that meets a damaged file is tried now and then; that the file is damaged was told.
			BackgroundError: func(err error) {
				level := zerolog.ErrorLevel
				if unreadable(err) {
					level = zerolog.DebugLevel
				}
				log.WithLevel(level).Err(err).Msg("storage: background error")
			},
			CompactionEnd: func(info pebble.CompactionInfo) { compactions.ended(info.Err) },
			// It comes with each read and each try to compact, so only the first is told.
			DataCorruption: func(info pebble.DataCorruptionInfo) { r.damagedFile(info.Path, info.Details) },
			WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
				log.Warn().Str("reason", info.Reason).Msg("storage: the disk is too slow; writes wait")
			},
		},
	}
	opts.Experimental.CompactionScheduler = compactions
	if cfg.memTable > 0 {
		opts.MemTableSize = cfg.memTable
	}
	// Nearly every look-up of an ID finds nothing, because the package is new. The filters answer those without a read.
	for i := range opts.Levels {
		opts.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	return opts
}

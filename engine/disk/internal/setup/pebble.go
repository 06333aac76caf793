package setup

import (
	"cmp"

	"trackhook/engine/disk/internal/guard"
	"trackhook/engine/disk/internal/read"

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
//
// Tried in BenchmarkLife and left, because none took less: memtables of 32 MB with a cache of 128, and no compression in the
// first level (its encoder is a fifteenth of what writing tables takes), in nine rounds; no filters there, and compactions
// that begin at 12 files, in two.
//
// Tried and left as well: tables that end where packages and responses begin, so that those, which come in order, are moved from
// level to level as they are. A package took a twentieth less in all, and an Append with a backlog of 400,000 a tenth; but tables of
// packages would lie over each other in a chain that no compaction is due for, and as many levels would be read.
const (
	cacheBytes    = 64 << 20
	memTableBytes = 16 << 20
	memTables     = 3
)

// Config says what is opened, and how. Files and Rot are required.
type Config struct {
	// Files is where the folder is: guarded, when it may be written.
	Files vfs.FS
	// Lock is the lock of the folder that is held; nil lets Pebble take it.
	Lock *pebble.Lock
	// Rot learns which files are damaged.
	Rot *read.Rot
	// Log receives what Pebble says.
	Log zerolog.Logger
	// MemTable is the size of a memtable in bytes, for tests that want many small files; 0 is the size of a host.
	MemTable uint64
	// Block is the size of a block in bytes, for tests that damage some: what Pebble does about one that is damaged grows with the
	// square of it. 0 is the size of a host.
	Block int

	// MustExist refuses to make a database, MustBeNew to open one that is there. ReadOnly changes nothing in the folder.
	MustExist, MustBeNew, ReadOnly bool
}

// MemTables is how many bytes the memtables have at most, all together, with one that is being filled; memTable is that of
// [Config].
func MemTables(memTable uint64) uint64 { return (memTables + 1) * cmp.Or(memTable, memTableBytes) }

// Open opens the database in a folder. The error is Pebble's.
func Open(dir string, cfg Config) (*pebble.DB, error) {
	compactions := &compactionScheduler{}
	db, err := pebble.Open(dir, options(cfg, compactions))
	if err == nil && !cfg.ReadOnly {
		compactions.open()
	}
	return db, err
}

func options(cfg Config, compactions *compactionScheduler) *pebble.Options {
	log, r := cfg.Log, cfg.Rot
	opts := &pebble.Options{
		FS:                          cfg.Files,
		Lock:                        cfg.Lock,
		ErrorIfNotExists:            cfg.MustExist,
		ErrorIfExists:               cfg.MustBeNew,
		ReadOnly:                    cfg.ReadOnly,
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
				if read.Unreadable(err) {
					level = zerolog.DebugLevel
				}
				log.WithLevel(level).Err(err).Msg("storage: background error")
			},
			CompactionEnd: func(info pebble.CompactionInfo) { compactions.ended(info.Err) },
			FlushEnd:      func(pebble.FlushInfo) { compactions.wrote() },
			// It comes with each read and each try to compact, so only the first is told.
			DataCorruption: func(info pebble.DataCorruptionInfo) { r.DamagedFile(info.Path, info.Details) },
			WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
				log.Warn().Str("reason", info.Reason).Msg("storage: the disk is too slow; writes wait")
			},
		},
	}
	opts.Experimental.CompactionScheduler = compactions
	if cfg.MemTable > 0 {
		opts.MemTableSize = cfg.MemTable
	}
	// Nearly every look-up of an ID finds nothing, because the package is new. The filters answer those without a read.
	for i := range opts.Levels {
		opts.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
		opts.Levels[i].BlockSize = cfg.Block
	}
	return opts
}

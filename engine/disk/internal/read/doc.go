// Package read reads what lies in the database, also where a file is damaged: it tells what cannot be read from a disk that
// fails, walks over the holes that damaged blocks make among the keys, and keeps what people are told of them.
//
//	rot := read.NewRot(log) // one for a database
//	holes, err := read.Scan(db, rot, read.AllOf(format.Packages), func(key, value []byte) error { return nil })
//	q, err := read.Package(db, 17)
//	if errors.Is(err, read.ErrDamaged) { ... } // this one alone cannot be read
//
// It changes nothing, and knows keys and values by package format only.
//
// # Concurrency
//
// A [Rot] may be used from many goroutines at once, a [Walker] by one. Nothing here starts a goroutine.
//
// # Files
//
//   - damage.go: how damage is known, what is known of it, and how people are told in the log and in health.
//   - walker.go: walking over it.
//   - read.go: lane records and packages, how to read many keys, and what stands for a cursor that cannot be read.
//   - id.go: what a damaged package is called when its ID is not known.
package read

// Package storetest is the suite that every [engine.Store] must pass: the contracts of engine/store.go, one test each,
// and a model test that compares a store with a simple one in memory over random histories.
//
// A store's own test calls it with a function that makes an empty store and returns how to open it:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) storetest.Opener {
//			dir := t.TempDir()
//			return func() (engine.Store, error) { return disk.Open(disk.Config{Dir: dir}) }
//		})
//	}
//
// The suite closes what it opens. It waits for real time, never longer than a few hundred milliseconds in a test.
package storetest

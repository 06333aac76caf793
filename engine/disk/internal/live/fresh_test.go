package live

import (
	"strings"
	"testing"
)

func TestFreshKnowsWhatCameOfLate(t *testing.T) {
	t.Parallel()
	f := NewFresh()
	if f.Take(1) != "" {
		t.Fatal("it knows a package that never came")
	}
	const all = 3 * freshPackages
	for n := uint64(1); n <= all; n++ {
		f.Put(n, string([]byte{byte(n), byte(n >> 8)}))
	}
	if f.Take(all-freshPackages) != "" {
		t.Error("it knows a package whose place was taken")
	}
	for n := uint64(all - freshPackages + 1); n <= all; n++ {
		if want, got := string([]byte{byte(n), byte(n >> 8)}), f.Take(n); got != want {
			t.Fatalf("package %d is %q, want %q", n, got, want)
		}
		if f.Take(n) != "" {
			t.Fatalf("package %d was taken and is still there", n)
		}
	}
	if f.bytes != 0 {
		t.Errorf("nothing is left and it counts %d bytes", f.bytes)
	}
	// A number comes again where the group before was never written.
	f.Put(all+1, "one")
	f.Put(all+1, "other")
	if got := f.Take(all + 1); got != "other" {
		t.Errorf("a number that came again is %q", got)
	}
}

func TestFreshIsBounded(t *testing.T) {
	t.Parallel()
	f := NewFresh()
	value := strings.Repeat("x", 1<<20)
	for n := uint64(1); n <= 100; n++ {
		f.Put(n, value)
		if f.bytes > freshBytes {
			t.Fatalf("after %d packages of 1 MB it holds %d bytes", n, f.bytes)
		}
	}
	for n, want := uint64(100), freshBytes>>20; want > 0; n, want = n-1, want-1 {
		if f.Take(n) == "" {
			t.Errorf("package %d of 100 is not known", n)
		}
	}
	f.Put(101, strings.Repeat("x", 2*freshBytes))
	f.Put(102, value)
	if f.Take(101) != "" || f.Take(102) == "" {
		t.Error("one that is too large for it keeps others out")
	}
}

package format_test

import (
	"bytes"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// A queued package is a key with its number and a value with the rest.
func Example() {
	p := engine.Package{ID: "order-17", Kind: engine.KindEvent, Device: "idfa=1"}
	key := format.PackageKey(nil, 258)
	value := format.AppendPackage(nil, time.Unix(1_700_000_000, 0), 0, &p)
	fmt.Printf("%q\n", key)

	queued, err := format.DecodePackage(value)
	fmt.Println(queued.Package.ID, queued.Accepted.Format(time.DateOnly), err)

	_, err = format.DecodePackage(value[:4])
	fmt.Println(err)

	// Keys lie in the order of their numbers.
	fmt.Println(bytes.Compare(key, format.PackageKey(nil, 1000)))
	// Output:
	// "q\x00\x00\x00\x00\x00\x00\x01\x02"
	// order-17 2023-11-14 <nil>
	// decode stored package: value ends too early
	// -1
}

package license

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
)

// Go is the Path of Go's own library and runtime.
const Go = "Go"

// Module is what is known of a module that is linked in. A zero Module knows nothing.
type Module struct {
	// Path is the module's path, or [Go]; that of a package of npm begins with npm:.
	Path string `json:"path"`
	// License is the short name of its license, as in the SPDX list, such as MIT. A module with parts under others has their
	// names as well, after commas.
	License string `json:"license"`
	// Files are the licenses and notices in it.
	Files []File `json:"files"`
}

// File is a license or a notice.
type File struct {
	// Name is the path within the module.
	Name string `json:"name"`
	Text string `json:"text"`
}

//go:embed licenses.json.gz
var packed []byte

// Modules returns all that may be linked in, on any system, sorted by path, and after that the packages of npm that modules for scripts
// are made of. Each call reads them anew.
func Modules() ([]Module, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read licenses: %w", err)
	}
	var modules []Module
	if err := json.NewDecoder(reader).Decode(&modules); err != nil {
		return nil, fmt.Errorf("read licenses: %w", err)
	}
	return modules, nil
}

package read

import (
	"strconv"
	"strings"
)

// DamagedID stands for the ID of a damaged package whose ID is not known.
func DamagedID(number uint64) string { return "#" + strconv.FormatUint(number, 10) }

// ParseDamagedID is the inverse of [DamagedID]. ok is false for the ID of a package.
func ParseDamagedID(id string) (number uint64, ok bool) {
	text, ok := strings.CutPrefix(id, "#")
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseUint(text, 10, 64)
	return number, err == nil
}

package disk

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// pagePosition is a place in a list: of a package in the order of lanes, or of a lane.
type pagePosition struct {
	lane   string
	dead   bool   // behind the queued packages of the lane
	number uint64 // the last package that was listed, or seq of the last dead letter
}

// token writes a position as the token of the page that begins behind it.
func (p pagePosition) token() string {
	b := []byte{0}
	if p.dead {
		b[0] = 1
	}
	return base64.RawURLEncoding.EncodeToString(append(format.AppendNumber(b, p.number), p.lane...))
}

// parsePage is the inverse of token. The first page has no token.
func parsePage(page string) (pagePosition, error) {
	if page == "" {
		return pagePosition{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(page)
	if err != nil || len(b) < 9 || b[0] > 1 {
		return pagePosition{}, fmt.Errorf("page %q: %w; take the token that the page before returned", page, engine.ErrNotFound)
	}
	return pagePosition{dead: b[0] == 1, number: binary.BigEndian.Uint64(b[1:]), lane: string(b[9:])}, nil
}

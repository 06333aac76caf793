package memory

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"trackhook/engine"
)

// place is where a row stands in a list. A page's token is the place of its last row, so that the next page begins behind
// it whatever has come and gone meanwhile.
type place struct {
	Lane engine.Lane
	// Dead is true for dead letters, which stand behind the queued packages of their lane.
	Dead bool
	// Number is the package's among those that were queued, or the dead letter's among those that were buried.
	Number uint64
}

func (p *storedPackage) place() place {
	at := place{Lane: p.Package.Lane(), Number: p.order}
	if p.Status == engine.Dead {
		at.Dead, at.Number = true, p.burial
	}
	return at
}

// compare orders places as lists show them.
func (p place) compare(other place) int {
	dead := func(p place) int {
		if p.Dead {
			return 1
		}
		return 0
	}
	return cmp.Or(compareLanes(p.Lane, other.Lane), cmp.Compare(dead(p), dead(other)), cmp.Compare(p.Number, other.Number))
}

// paged sorts rows and returns one page of them, and the token of the next, "" at the end.
func paged[T any](rows []T, at func(T) place, page string, limit int) ([]T, string, error) {
	slices.SortFunc(rows, func(a, b T) int { return at(a).compare(at(b)) })
	if page != "" {
		last, err := parsePlace(page)
		if err != nil {
			return nil, "", err
		}
		rows = slices.DeleteFunc(rows, func(row T) bool { return at(row).compare(last) <= 0 })
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	return rows[:limit], at(rows[limit-1]).token(), nil
}

func (p place) token() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func parsePlace(token string) (p place, err error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return place{}, fmt.Errorf("page %q: %w", token, engine.ErrNotFound)
	}
	return p, nil
}

func compareLanes(a, b engine.Lane) int {
	return cmp.Or(compareApps(a.App, b.App), strings.Compare(a.Device, b.Device))
}

func compareApps(a, b engine.App) int {
	return cmp.Or(strings.Compare(a.Token, b.Token), strings.Compare(string(a.Environment), string(b.Environment)))
}

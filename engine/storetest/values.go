package storetest

import (
	"errors"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func (h *harness) set(space string, pairs map[string][]byte) {
	h.t.Helper()
	if err := h.store.SetValues(h.context(), space, pairs); err != nil {
		h.t.Fatalf("SetValues: %v", err)
	}
}

func (h *harness) values(space string) map[string][]byte {
	h.t.Helper()
	values, err := h.store.Values(h.context(), space)
	if err != nil {
		h.t.Fatalf("Values: %v", err)
	}
	return values
}

func valuesSet(h *harness) {
	t := h.t
	if _, err := h.store.Value(h.context(), "space", "key"); !errors.Is(err, engine.ErrNotFound) {
		t.Fatalf("Value of nothing = %v, want %v", err, engine.ErrNotFound)
	}
	h.set("space", map[string][]byte{"key": []byte("1"), "other": []byte("\x00\xff"), "empty": {}})
	if value, err := h.store.Value(h.context(), "space", "key"); err != nil || string(value) != "1" {
		t.Fatalf("Value = %q, %v", value, err)
	}
	if value, err := h.store.Value(h.context(), "space", "empty"); err != nil || len(value) != 0 {
		t.Fatalf("empty Value = %q, %v", value, err)
	}
	h.set("space", map[string][]byte{"key": []byte("2"), "other": nil, "never there": nil})
	want := map[string][]byte{"key": []byte("2"), "empty": {}}
	if diff := cmp.Diff(want, h.values("space"), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("values (-want +got):\n%s", diff)
	}
	if err := h.store.SetValues(h.context(), "", map[string][]byte{"key": nil}); err == nil {
		t.Error("SetValues without a space works")
	}
	if err := h.store.SetValues(h.context(), "space", map[string][]byte{"": {1}}); err == nil {
		t.Error("SetValues without a key works")
	}
}

func valuesSpaces(h *harness) {
	t := h.t
	h.set("a", map[string][]byte{"b/c": []byte("1"), "\x00": []byte("2")})
	h.set("a/b", map[string][]byte{"c": []byte("3")})
	h.set("a\x00", map[string][]byte{"d": []byte("4")})
	for space, want := range map[string]map[string][]byte{
		"a":     {"b/c": []byte("1"), "\x00": []byte("2")},
		"a/b":   {"c": []byte("3")},
		"a\x00": {"d": []byte("4")},
		"b":     {},
	} {
		if diff := cmp.Diff(want, h.values(space), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("values of %q (-want +got):\n%s", space, diff)
		}
	}
}

func valuesSurvive(h *harness) {
	t := h.t
	h.set("space", map[string][]byte{"key": []byte("1")})
	h.reopen()
	if value, err := h.store.Value(h.context(), "space", "key"); err != nil || string(value) != "1" {
		t.Fatalf("Value after reopening = %q, %v", value, err)
	}
}

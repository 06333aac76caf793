package adjust

import "testing"

// What the API is made of is there once in a process, however many plugins with settings of their own run in it.
func TestSiblingsShareTheAPI(t *testing.T) {
	t.Parallel()
	one := NewDevices(Settings{})
	other := one.Sibling(Settings{}).Sibling(Settings{})
	a, err := one.prelude()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := other.prelude(); err != nil || a != b {
		t.Errorf("the prelude is compiled again: %v", err)
	}
	if one.api() != other.api() || one.hints() != other.hints() {
		t.Error("the API is defined again")
	}
}

package intl_test

import (
	"testing"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/intl"
)

// The time zone of the machine is looked for once.
func TestLocalZoneIsLookedForOnce(t *testing.T) {
	natives := intl.Natives(&intl.Options{VM: goja.New(), Data: intl.NewData(), Note: func(string) {}})
	for _, zone := range []string{"Asia/Tokyo", "Europe/Berlin"} {
		t.Setenv("TZ", zone)
		if got := natives["localZone"](goja.FunctionCall{}).String(); got != "Asia/Tokyo" {
			t.Error(got)
		}
	}
}

package instance

import (
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // what tests make is garbage at once, and small
	goleak.VerifyTestMain(m)
}

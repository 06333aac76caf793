//go:build !linux

package wall_test

import "time"

// cpu and childCPU are not asked for here.
func cpu() time.Duration         { return 0 }
func childCPU(int) time.Duration { return 0 }

//go:build !unix

package folder

import "os"

// mayWrite tells whether the system lets this process make files in a folder. Nobody can say that before it is tried.
func mayWrite(string) bool { return true }

// holdFolder would keep other hosts of the same folder from changing it.
func holdFolder(*os.Root) (letGo func()) { return func() {} }

//go:build go1.21

package scope

import "os"

func inOld() { os.Exit(1) } // want `\(no-tests\)` `\(no-generated\)` `\(both\)` `\(old-go\)`

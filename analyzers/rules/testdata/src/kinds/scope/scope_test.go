package scope

import "os"

func inTest() { os.Exit(1) } // want `\(only-tests\)` `\(no-generated\)` `\(both\)`

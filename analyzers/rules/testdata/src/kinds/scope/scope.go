package scope

import "os"

func f() { os.Exit(1) } // want `\(no-tests\)` `\(no-generated\)` `\(both\)`

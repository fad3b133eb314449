package lib

import "os"

func inTest() { os.Exit(1) } // want `return an error \(no-exit\)`

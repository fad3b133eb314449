package replace

import "os"

func g() {
	os.Exit(2) // want `os.Exit\(\$code\) is forbidden \(code\)` `\(exit\)`
}

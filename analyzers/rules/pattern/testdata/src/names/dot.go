package names

import . "os"

func dot() {
	Exit(1) // want `^0$`
	_ = func(Exit func(int)) { Exit(2) }
}

package tune

import "runtime/debug"

func Tune() {
	debug.SetGCPercent(400) // silent: belongs to a command
}

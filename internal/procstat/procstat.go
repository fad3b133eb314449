// Package procstat tells what processes use: of the operating system's many
// figures the few by which hearth decides whether a gopls hangs and which
// parked one must make room.
//
// Linux is asked through /proc, other systems through ps.
package procstat

import "time"

// Usage is what a process and its descendants use.
type Usage struct {
	RSS      int64         // resident memory in bytes, of all
	CPU      time.Duration // so far, of all that live
	Children []string      // names of the descendants
}

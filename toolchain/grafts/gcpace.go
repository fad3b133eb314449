package grafts

import "embed"

//go:embed gcpace
var gcPaceFS embed.FS

var gcPace = &Graft{
	Name: "gcpace",
	Doc:  "Garbage is collected less often while the machine has memory to spare.",
	Why: `The collector of a Go program starts when the heap has doubled since the last time. To load a
workspace allocates many times what stays, and each edit as much as a package: a quarter of
what gopls does then is to mark what it has marked before, and on two cores requests wait
for that. A fixed GOGC=400 would take five times what is in use, whatever the machine has.`,
	Cost: `Memory while at work: an eighth of what is available at most, up to four times the live heap.
The graft idle gives it back. GOGC in the environment wins.`,
	Figure: "Kubernetes: the first hover of a gopls that loads it, 14.3 s before and 10.2 s after, one start each; see docs/performance.md.",
	Source: sub(gcPaceFS, "gcpace"),
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "NewSession",
		New:     `paceGC()`,
	}},
}

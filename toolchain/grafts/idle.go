package grafts

import "embed"

//go:embed idle
var idleFS embed.FS

var idleGraft = &Graft{
	Name: "idle",
	Doc:  "Memory goes back to the system when nothing was asked for a few seconds.",
	Why: `The heap of a Go program grows to twice what is in use, and a gopls that waits for a person
keeps it so: the next collection comes after two minutes, and what it frees returns to the
system slowly. A session that is kept warm waits most of its life.`,
	Cost:     `One collection in the background after some seconds without work, if the heap has grown.`,
	Upstream: "https://github.com/golang/go/issues/72919",
	Figure:   "Kubernetes, eight files open and edited: 3.6 GB before it lets go and 1.6 GB after; see docs/performance.md.",
	Source:   sub(idleFS, "idle"),
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "NewSession",
		New:     `watchIdle()`,
	}},
}

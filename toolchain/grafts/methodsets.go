package grafts

import "embed"

//go:embed methodsets
var methodSetsFS embed.FS

var methodSets = &Graft{
	Name: "methodsets",
	Doc:  "A search for implementations, or for references to a method, does not read the method sets of all packages from disk.",
	Why: `The method sets of every package are a file each in the cache of gopls, and what it holds in memory
of that cache is 100 MB of whatever was read or written last: the facts of one analysis of a
large workspace push them out. Here they are kept apart, one of each package, and read when a
session has nothing to do for the first time.`,
	Cost:     `Memory for each module without a go.work that joins them: 44 MB in kubernetes, 10 MB in hertz; and that they are read, a second or less for one processor.`,
	Upstream: "https://github.com/golang/go/issues/58653",
	Figure:   "The first references to a method in a session, kubernetes: 344 ms before, 57 ms after; the first implementations, hertz: 127 and 20 ms; see docs/performance.md.",
	Source:   sub(methodSetsFS, "methodsets"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "View", New: `methodSets keptMethodSets // of each package`},
		{
			Package: "internal/cache", Decl: "(*Snapshot).MethodSets",
			Old: `indexes[i] = idx`,
			At:  Before,
			New: `s.view.methodSets.put(ph, idx)`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).MethodSets",
			Old: `pkgPath := ph.mp.PkgPath`,
			At:  Before,
			New: `
		if idx := s.view.methodSets.get(ph); idx != nil {
			indexes[i] = idx
			return false
		}`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).initialize",
			Old: `close(s.view.initialWorkspaceLoad)`,
			At:  After,
			New: `go s.view.readMethodSets()`,
		},
	},
}

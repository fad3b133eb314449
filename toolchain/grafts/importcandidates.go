package grafts

import "embed"

//go:embed importcandidates
var importCandidatesFS embed.FS

var importCandidates = &Graft{
	Name: "importcandidates",
	Doc:  "A completion of a name does not go through all folders of the module cache.",
	Why: `Whoever types a name may mean a package that is not imported yet. To offer five of those gopls
goes through every folder of the module cache that it knows, and works out for each which
module it is of, until the budget of the completion is spent: 100 ms for each key, and in the
end what came first in a map. Here what the files of a package can import is listed beside the
first completion, or when nobody has asked for anything since a file was opened, and again where
go.mod changes or half a minute has passed.`,
	Cost: `Memory: a megabyte or two for each of the last four folders, and that a list is made, half a second for
one processor. A completion that comes before it is made offers none of what gopls finds by then.`,
	Figure: "Kubernetes, an edit and a completion of the start of a name: 113 to 117 ms before, 60 to 85 ms after; see docs/performance.md.",
	Source: sub(importCandidatesFS, "importcandidates"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "importsState", New: `candidates importCandidates // of the packages that are edited`},
		{
			Package: "internal/cache", Decl: "(*Snapshot).clone",
			Old: `anyFileOpenedOrClosed = anyFileOpenedOrClosed || (oldOpen != newOpen)`,
			At:  After,
			New: `
		if newOpen && !oldOpen {
			s.view.opened(uri)
		}`,
		},
		{
			Package: "internal/golang/completion", Decl: "(*completer).unimportedPackages",
			Old: `imports.GetAllCandidates(ctx, add, prefix, c.filename, c.pkg.Types().Name(), opts.Env)`,
			New: `c.snapshot.ImportCandidates(ctx, add, prefix, c.filename, c.pkg.Types().Name(), opts.Env)`,
		},
	},
}

package grafts

import "embed"

//go:embed importcandidates
var importCandidatesFS embed.FS

var importCandidates = &Graft{
	Name: "importcandidates",
	Doc:  "A completion of a name does not go through all folders of the module cache.",
	Why: `Whoever types a name may mean a package that is not imported yet. To offer five of those gopls
goes through every folder of the module cache that it knows, and works out for each which
module it is of. Where that takes longer than the budget of a completion, which is 100 ms, it
offers none, and has spent as much for each key. Here what the files of a package can import is
listed beside the first completion, or when nothing was to be done since a file was opened.`,
	Cost: `Memory: a megabyte or two for each of the last four folders. Half a second for one processor to make
a list, again where go.mod changes, and where gopls has looked for what is new, every half a minute
at most; the first completion after that still offers what was there before.`,
	Upstream: "https://github.com/golang/go/issues/37183",
	Figure:   "Kubernetes, an edit and a completion of the start of a name: 113 to 117 ms before, 60 to 85 ms after; see docs/performance.md.",
	Source:   sub(importCandidatesFS, "importcandidates"),
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
			Package: "internal/cache", Decl: "(*sharedModCache).refreshDir",
			Old: `imports.ScanModuleCache(dir, cache, logf)`,
			At:  After,
			New: `moduleScans.Add(1)`,
		},
		{
			Package: "internal/golang/completion", Decl: "(*completer).unimportedPackages",
			Old: `imports.GetAllCandidates(ctx, add, prefix, c.filename, c.pkg.Types().Name(), opts.Env)`,
			New: `c.snapshot.ImportCandidates(ctx, add, prefix, c.filename, c.pkg.Types().Name(), opts.Env)`,
		},
	},
}

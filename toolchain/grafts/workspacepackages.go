package grafts

import "embed"

//go:embed workspacepackages
var workspacePackagesFS embed.FS

var workspacePackages = &Graft{
	Name: "workspacepackages",
	Doc:  "Opening or closing a file asks of its own packages alone whether they are of the workspace.",
	Why: `A package with an open file counts as one of the workspace, wherever it is. So gopls asks that
of every package that it knows again, and looks up every file of it, whenever a file is
opened or closed, before it answers anything else.`,
	Cost:   "None: no other package can be concerned while the metadata stays the same.",
	Figure: "An open and a hover in kubernetes, p50: 82 ms before, 8 ms after; see docs/performance.md.",
	Source: sub(workspacePackagesFS, "workspacepackages"),
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "(*Snapshot).clone",
		Old:     `computeWorkspacePackagesLocked(ctx, result, result.meta)`,
		New:     `result.workspacePackagesAfter(ctx, s, changedFiles)`,
	}},
}

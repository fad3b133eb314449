package grafts

import "embed"

//go:embed changedbody
var changedBodyFS embed.FS

var changedBody = &Graft{
	Name: "changedbody",
	Doc:  "The first diagnostics after an edit in a function come from that function.",
	Why: `gopls type-checks all functions of a package again before it says what an edit has broken. But
where the package had no errors and the edit is within one body, the other bodies have
none either, as nothing they refer to has changed. So the declarations are checked once,
and after each edit only the body, against these. The diagnosis of the whole, a
second after the last edit, stays what it is.`,
	Cost: `Memory: where the bodies of an open package are, and what it declares once it is edited, with the types that it imports, of at most 16 packages.
Where more than one body has changed, or what a body does may concern the package as a whole (the
initialization of its variables, type parameters), it is checked as before.`,
	Upstream: "https://github.com/golang/go/issues/33531",
	Figure:   "Kubernetes, edit then diagnostics, p50 / p95: 123 / 224 ms before, 27 / 76 ms after; see docs/performance.md.",
	Source:   sub(changedBodyFS, "changedbody"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "View", New: `clean cleanPackages // as they were when they were checked last`},
		{Package: "internal/cache", Decl: "typeCheckBatch", New: `clean *cleanPackages // those of the view`},
		{
			Package: "internal/cache", Decl: "(*Snapshot).acquireTypeChecking",
			Old: `s.batch = newTypeCheckBatch(s.view.parseCache, s.view.typ == GoPackagesDriverView)`,
			At:  After,
			New: `s.batch.clean = &s.view.clean`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).getPackage",
			Old: `return p, nil`,
			At:  Before,
			New: `b.clean.note(ph, p.pkg)`,
		},
		{
			Package: "internal/server", Decl: "diagnoseChangedFiles",
			Old: `snapshot.PackageDiagnostics`,
			New: `snapshot.ChangedDiagnostics`,
		},
	},
}

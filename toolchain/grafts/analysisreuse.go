package grafts

var analysisReuse = &Graft{
	Name: "analysisreuse",
	Doc:  "An analysis takes the types that a request has checked already.",
	Why: `After an edit gopls type-checks the package for the first request, and the same text once
more for the analyzers. Both are of one snapshot, and where they happen to meet gopls shares
the result already.`,
	Cost:   "None: the types are kept for the open file in any case.",
	Figure: "See docs/performance.md.",
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "(*analysisNode).typeCheck",
		Old:     `ppkg, err := an.batch.getPackage(ctx, an.ph)`,
		New: `
	var ppkg *Package
	var err error
	if an.ph.state >= validPackage {
		ppkg = an.ph.pkgData.pkg
	} else {
		ppkg, err = an.batch.getPackage(ctx, an.ph)
	}`,
	}},
}

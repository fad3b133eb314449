package grafts

import "embed"

//go:embed onebody
var oneBodyFS embed.FS

var oneBody = &Graft{
	Name: "onebody",
	Doc:  "After an edit a request about one place does not wait for the bodies of other functions.",
	Why: `gopls type-checks a package as a whole, with the bodies of all its functions, after each edit and
before it answers anything about it. But to what is under the cursor, or may be typed there,
other bodies add nothing. So for hover, definition, completion and signature help the
declarations are checked with the one body, and without variables that have no name, of which
whole test suites are values, while the whole is checked beside it, for
diagnostics and for all else.`,
	Cost:     `Processor time: declarations are checked twice where an editor asks before the whole is checked.`,
	Upstream: "https://github.com/golang/go/issues/69631",
	Figure:   "Kubernetes, an edit and a hover in pkg/kubelet / test/e2e/network: 105 / 210 ms before, 60 / 80 ms after; see docs/performance.md.",
	Source:   sub(oneBodyFS, "onebody"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "Snapshot", New: `bodies bodyPackages // checked for requests about one place`},
		{
			Package: "internal/golang", Decl: "hover",
			Old: `NarrowestPackageForFile(ctx, snapshot, fh.URI())`,
			New: `NarrowestPackageForPlace(ctx, snapshot, fh.URI(), rng)`,
		},
		{
			Package: "internal/golang", Decl: "Definition",
			Old: `NarrowestPackageForFile(ctx, snapshot, fh.URI())`,
			New: `NarrowestPackageForPlace(ctx, snapshot, fh.URI(), rng)`,
		},
		{
			Package: "internal/golang", Decl: "SignatureHelp",
			Old: `NarrowestPackageForFile(ctx, snapshot, fh.URI())`,
			New: `NarrowestPackageForPlace(ctx, snapshot, fh.URI(), rng)`,
		},
		{
			Package: "internal/golang/completion", Decl: "Completion",
			Old: `golang.NarrowestPackageForFile(ctx, snapshot, fh.URI())`,
			New: `golang.NarrowestPackageForPlace(ctx, snapshot, fh.URI(), protocol.Range{Start: protoPos, End: protoPos})`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).getPackage",
			Old: `b.syntaxPackages`,
			New: `b.packagesFor(ctx)`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).getPackage",
			Old: `p, err := b.checkPackage(ctx, fset, ph, imports); if err != nil { return nil, err }`,
			At:  After,
			New: `
		if bodyOf(ctx) != nil {
			return p, nil // which is nothing to store
		}`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).checkPackage",
			Old: `cgf.File`,
			New: `bodyOf(ctx).strip(cgf)`,
		},
	},
}

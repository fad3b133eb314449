package grafts

import "embed"

//go:embed declaringfile
var declaringFileFS embed.FS

var declaringFile = &Graft{
	Name: "declaringfile",
	Doc:  "A hover into another package reads the file that declares, not the package.",
	Why: `To show what is declared in another package gopls type-checks that whole package, with the
bodies of its functions. But what it shows is the text of the declaration and its comment, and
types that the package which asks has imported already; only a link in the comment, such as
[fmt.Println], needs those of the package that declares.`,
	Cost:     `None. Where the comment has a link it is as before.`,
	Upstream: "https://github.com/golang/go/issues/55293",
	Figure:   "Kubernetes, p95 of hover: 55 ms before, 15 ms after; see docs/performance.md.",
	Source:   sub(declaringFileFS, "declaringfile"),
	Edits: []Edit{{
		Package: "internal/golang",
		Decl:    "hover",
		Old:     `declPkg, declPGF, declPos, err := NarrowestDeclaringPackage(ctx, snapshot, pkg, obj)`,
		New:     `declPkg, declPGF, declPos, err := declaringFile(ctx, snapshot, pkg, obj)`,
	}},
}

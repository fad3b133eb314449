package grafts

import "embed"

//go:embed presize
var presizeFS embed.FS

var presize = &Graft{
	Name: "presize",
	Doc:  "The tables of what a type check finds out are as large as they will be from the start.",
	Why: `A check of a large package makes some hundred thousand entries in maps that begin empty, and
that are copied whenever they have become too small. How many there will be can be told from
the length of the source.`,
	Cost:   `Memory, where a package has fewer entries for its length than most: a map has up to twice the room that it needs.`,
	Figure: "Kubernetes, edit then diagnostics in pkg/kubelet / test/e2e/network: 108 / 187 ms before, 100 / 167 ms after; see docs/performance.md.",
	Source: sub(presizeFS, "presize"),
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "(*typeCheckBatch).checkPackage",
		Old:     `_ = check.Files(files)`,
		At:      Before,
		New:     `presize(pkg.typesInfo, files) // check looks the maps up when it uses them`,
	}},
}

package grafts

import "embed"

//go:embed itemdocs
var itemDocsFS embed.FS

var itemDocs = &Graft{
	Name: "itemdocs",
	Doc:  "A completion looks up the comments of its candidates in one pass over each file.",
	Why: `For each candidate gopls asks for the file that declares it, parsed, and searches that from its
start for the declaration. A package such as k8s.io/api/core/v1 has hundreds of
candidates in one file of thousands of lines, and the methods of its types are in a generated
one that takes a tenth of a second to parse. The comment of a function is read from the text,
and the comments of types, variables and constants are kept for when gopls has dropped what it parsed.`,
	Cost:     `Memory: the comments of the files that were looked at last, 8 MB at most.`,
	Upstream: "https://github.com/golang/go/issues/37450",
	Figure:   "Kubernetes, completion at 120 places, p95: 49 ms without it, 28 to 33 ms with it, and what was 130 to 170 ms once, to parse a generated file, is 15. An edit and a completion in nine files, where comments were dropped: 231 to 304 ms, and 116 where they are kept; see docs/performance.md.",
	Source:   sub(itemDocsFS, "itemdocs"),
	Edits: []Edit{
		{Package: "internal/golang/completion", Decl: "completer", New: `docs golang.ObjectDocs // of candidates`},
		{
			Package: "internal/golang/completion", Decl: "(*completer).item",
			Old: `golang.HoverDocForObject`,
			New: `c.docs.Of`,
		},
	},
}

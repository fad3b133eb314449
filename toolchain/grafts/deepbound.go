package grafts

import "embed"

//go:embed deepbound
var deepBoundFS embed.FS

var deepBound = &Graft{
	Name: "deepbound",
	Doc:  "A completion searches no further where nothing better than what it has can be.",
	Why: `Besides the fields and methods of what stands before the dot gopls offers the three best of
what lies below those, such as x.Config.Timeout. For these it looks at everything that can be reached,
until there is nothing more or a budget of 100 ms is spent, names each and compares each type with
what is expected. But what is deeper scores less, so once three are known, most of the rest
cannot be among them; and whether anything below a value is what is expected is a matter of its
type, of which there are far fewer than ways that lead to it.`,
	Cost:     `None. Where gopls would have run out of its budget, the search now comes to its end more often, and finds what it would have found with more time.`,
	Upstream: "https://github.com/golang/go/issues/63263",
	Figure:   "Completion at 120 places in kubernetes, p95: 103 ms without asking types, 44 ms with; see docs/performance.md.",
	Source:   sub(deepBoundFS, "deepbound"),
	Edits: []Edit{{
		Package: "internal/golang/completion",
		Decl:    "completer",
		New:     `deepMatches deepMatches // of the types that the deep search comes to`,
	}, {
		Package: "internal/golang/completion",
		Decl:    "(*completer).deepSearch",
		Old:     `c.addCandidate(ctx, &cand)`,
		New: `
			if !c.hopeless(&cand) {
				c.addCandidate(ctx, &cand)
			}`,
	}, {
		Package: "internal/golang/completion",
		Decl:    "(*completer).deepSearch",
		Old:     `if v, ok := obj.(*types.Var); ok && v.Embedded() { continue }`,
		At:      Before,
		New:     `if c.barren(&cand) { continue }`,
	}, {
		Package: "internal/golang/completion",
		Decl:    "(*completer).addCandidate",
		Old:     `cand.name = deepCandName(cand)`,
		At:      Before,
		New:     `if len(cand.path) > 0 && cand.score <= c.deepState.leastHighScore() { return }`,
	}},
}

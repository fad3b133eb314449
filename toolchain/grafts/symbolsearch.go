package grafts

import "embed"

//go:embed symbolsearch
var symbolSearchFS embed.FS

var symbolSearch = &Graft{
	Name: "symbolsearch",
	Doc:  "A search for symbols does not list all packages anew, and scores only names whose letters can match.",
	Why: `For each search gopls sorts all packages, gives each file to one of them, and makes the key of
each package from the hashes of its files, to find symbols that it holds in memory. Then it
scores every symbol, for which its name is put together with that of its package and each
letter sorted into roles. Here the list is kept until packages change, the symbols of a
package until one of its files does, and a name that has not the letters that were typed,
in their order, is not scored. The first list is made when a session has nothing to do.`,
	Cost: `Memory for each module without a go.work that joins them: 25 MB in kubernetes, of which gopls holds most anyway; and a second for one processor once in a session, or what it
takes to parse all packages where gopls has stored nothing of them.`,
	Upstream: "https://github.com/golang/go/issues/52694",
	Figure:   "Kubernetes, p50 / p95 of workspace symbols: 217 / 533 ms before, 20 / 42 ms after; see docs/performance.md.",
	Source:   sub(symbolSearchFS, "symbolsearch"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "Snapshot", New: `symbolsKept symbolsKept // of a search for symbols`},
		{
			Package: "internal/cache", Decl: "(*Snapshot).clone",
			Old: `for id, invalidateMetadata := range directIDs { addRevDeps(id, invalidateMetadata) }`,
			At:  After,
			New: `s.handOnSymbols(result, directIDs)`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).initialize",
			Old: `close(s.view.initialWorkspaceLoad)`,
			At:  After,
			New: `go s.view.readSymbols()`,
		},
		{
			Package: "internal/golang", Decl: "symbolFile",
			New:     `letters []symbolsearch.Letters // of each symbol; none if they are not known`,
			Imports: []string{"github.com/gohearth/hearth/toolchain/grafts/symbolsearch"},
		},
		{
			Package: "internal/golang", Decl: "collectSymbols",
			Old: `folderURI := snapshot.Folder()`,
			At:  Before,
			New: `
		if files, err := symbolFiles(ctx, snapshot, seen, len(snapshots) > 1); err == nil {
			work = append(work, files...)
			continue
		}`,
		},
		{
			// What a score is at most: see the package symbolsearch.
			Package: "internal/fuzzy", Decl: "(*SymbolMatcher).Match",
			Old: `const ( segStartScore = 1.0; wordScore = 0.9; noStreak = 0.6; perSegment = 0.1 )`,
			New: `const ( segStartScore = 1.0; wordScore = 0.9; noStreak = 0.6; perSegment = 0.1 )`,
		},
		{
			Package: "internal/fuzzy", Decl: "(*SymbolMatcher).Match",
			Old: `runeScore := baseScore * (1.0 - float64(m.segments[ii])*perSegment)`,
			New: `runeScore := baseScore * (1.0 - float64(m.segments[ii])*perSegment)`,
		},
		{
			Package: "internal/golang", Decl: "dynamicSymbolMatch",
			Old: `return fullyQualified, score * 0.6`,
			New: `return fullyQualified, score * 0.6`,
		},
		{
			// Elements without names would no longer fit.
			Package: "internal/golang", Decl: "collectSymbols",
			Old: `symbolFile{mp, uri, syms, workspace}`,
			New: `symbolFile{mp: mp, uri: uri, syms: syms, workspace: workspace}`,
		},
		{
			Package: "internal/golang", Decl: "collectSymbols",
			Old: `matcher := buildMatcher(opts.Matcher, query)`,
			At:  After,
			New: `sieve := newSymbolSieve(query, opts)`,
		},
		{
			Package: "internal/golang", Decl: "collectSymbols",
			Old: `matchFile(store, symbolizer, matcher, opts.Filter, work[j])`,
			New: `sieve.matchFile(store, symbolizer, matcher, opts.Filter, work[j])`,
		},
	},
}

package grafts

import "embed"

//go:embed handles
var handlesFS embed.FS

var handlesGraft = &Graft{
	Name: "handles",
	Doc:  "What a request costs goes by what has changed, not by all that its package imports.",
	Why: `After each edit gopls goes through every package below the one that was edited, with a
goroutine each, only to see that their keys are still valid, and finds anew which packages
the exported declarations of each import lead to, by a set for each declaration below it.
Here a valid key is where the walk ends, and what a package's declarations lead to is kept
with the key: that is a hash of all on which it depends.`,
	Cost:     `Memory: a set of bits for each package, some kilobytes in a workspace of thousands.`,
	Upstream: "https://github.com/golang/go/issues/60926",
	Figure:   "Hertz, p50 of edit then completion / edit then diagnostics: 16 / 12 ms without it, 13 / 10 ms with it; see docs/performance.md.",
	Source:   sub(handlesFS, "handles"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "View", New: `reached reached // by the exported declarations of each package`},
		{Package: "internal/cache", Decl: "typeCheckBatch", New: `valid func(PackageID) *packageHandle // those of the snapshot`},
		{
			Package: "internal/cache", Decl: "packageHandleBuilder",
			New: `
	valid *persistent.Map[PackageID, *packageHandle] // those of the snapshot, when the walk began
	below *typerefs.PackageSet                       // what the packages at which the walk ended lead to`,
			Imports: []string{"golang.org/x/tools/gopls/internal/util/persistent"},
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).acquireTypeChecking",
			Old: `s.batch = newTypeCheckBatch(s.view.parseCache, s.view.typ == GoPackagesDriverView)`,
			At:  After,
			New: `s.batch.valid = s.validHandle`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).getHandle",
			Old: `return b._handles[id]`,
			New: `
	ph, ok := b._handles[id]
	if !ok {
		if ph = b.valid(id); ph != nil {
			b._handles[id] = ph
		}
	}
	return ph`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).Analyze",
			Old: `handles[id]`,
			New: `batch.getHandle(id)`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).getPackageHandles",
			Old: `meta := s.MetadataGraph()`,
			At:  After,
			New: `
	b.valid, b.below = s.clonePackages(), s.view.pkgIndex.NewSet()
	defer b.valid.Destroy()`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).getPackageHandles",
			Old: `mp := meta.Packages[id]`,
			At:  Before,
			New: `
	if n := b.end(idxID, id); n != nil {
		if from != nil {
			from.unfinishedSuccs--
		}
		return n
	}`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).getPackageHandles",
			Old: `if n.unfinishedSuccs == 0 { leaves = append(leaves, n) } else { n.succs = make(map[PackageID]*handleNode, n.unfinishedSuccs) }`,
			New: `n.succs = make(map[PackageID]*handleNode, n.unfinishedSuccs)`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).getPackageHandles",
			Old: `for _, depID := range mp.DepsByPkgPath { n.succs[depID] = makeNode(n, depID) }`,
			At:  After,
			New: `
	if n.unfinishedSuccs == 0 {
		leaves = append(leaves, n)
	}`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).getPackageHandles",
			Old: `if from != nil { n.preds = append(n.preds, from) }`,
			New: `
	if from != nil && n.ph == nil {
		n.preds = append(n.preds, from)
	} else if from != nil {
		from.unfinishedSuccs--
	}`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).getPackageHandles",
			Old: `g, ctx := errgroup.WithContext(ctx)`,
			At:  Before,
			New: `b.addBelow()`,
		},
		{
			Package: "internal/cache", Decl: "(*packageHandleBuilder).evaluatePackageHandle",
			Old: `
	trefs := b.getTransitiveRefs(succ.mp.ID)
	assert(trefs != nil, "nil trefs")
	for _, set := range trefs {
		reachable.Union(set)
	}`,
			New: `reachable.Union(b.reachedBy(succ))`,
		},
	},
}

package grafts

import (
	"embed"
	"io/fs"
)

//go:embed retention
var retentionFS embed.FS

var retentionGraft = &Graft{
	Name: "retention",
	Doc:  "Packages that a request type-checked are kept, and imports are decoded once.",
	Why: `gopls keeps a type-checked package only while one of its files is open, so a request that
leads into another package checks that one again each time. And it decodes the export data
of all imports again for each request that type-checks anything, unless an open package has
imported the same before. Keeping every package would do for small workspaces, but takes
gigabytes in large ones; one graph of imports for all costs less than the one of each open
package that gopls keeps.`,
	Cost: `Memory: by estimate a quarter of the heap that gopls uses anyway, 16 MB at least and 512 MB at
most, and beside that one package that is larger than that; packages used once go first,
and all of them where memory is short. Imports that none of those and no open package needs
are dropped after a while.`,
	Upstream: "https://github.com/golang/go/issues/57987",
	Figure:   "Hertz, of stock: p95 of hover 0.08, of references 0.12; see docs/performance.md.",
	Source:   sub(retentionFS, "retention"),
	Edits: []Edit{
		{Package: "internal/cache", Decl: "Snapshot", New: `retained *retained // what is kept of requests`},
		{Package: "internal/cache", Decl: "typeCheckBatch", New: `retained *retained // that of the snapshot`},
		{
			Package: "internal/cache", Decl: "(*Session).createView",
			Old: `packages: new(persistent.Map[PackageID, *packageHandle])`,
			New: `retained: newRetained(), packages: new(persistent.Map[PackageID, *packageHandle])`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).clone",
			Old: `for id, invalidateMetadata := range directIDs { addRevDeps(id, invalidateMetadata) }`,
			At:  After,
			New: `s.handOnRetained(result, idsToInvalidate)`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).acquireTypeChecking",
			Old: `s.batch = newTypeCheckBatch(s.view.parseCache, s.view.typ == GoPackagesDriverView)`,
			At:  After,
			New: `s.batch.retained, s.batch.fset = s.retained, s.retained.fileSet()`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).acquireTypeChecking",
			Old: `s.batch = nil`,
			At:  After,
			New: `s.trimRetained()`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).getImportPackage",
			New: `
	if pkg, ok := b.retained.get(id); ok {
		return pkg, nil
	}
	defer func() {
		if err == nil {
			b.retained.put(id, pkg)
		}
	}()`,
		},
		{
			Package: "internal/cache", Decl: "(*typeCheckBatch).getPackage",
			Old: `tokeninternal.CloneFileSet(ph.pkgData.fset)`,
			New: `b.fileSetFor(ph)`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).forEachPackage",
			Old: `ph.isOpen && ph.state < validPackage`,
			New: `s.retains(ph, pkg, pre == nil) && ph.state < validPackage`,
		},
		{
			Package: "internal/cache", Decl: "(*Snapshot).forEachPackage",
			Old: `post(i, ph.pkgData.pkg)`,
			At:  Before,
			New: `if pre == nil { s.use(id, ph.pkgData.pkg) }`,
		},
		{
			// gopls takes a package for open for ever once one of its files was.
			Package: "internal/cache", Decl: "(*packageHandleBuilder).evaluatePackageHandle",
			Old: `ph.localInputs = inputs`,
			At:  After,
			New: `ph.isOpen = false`,
		},
		{
			Package: "internal/cache", Decl: "(*packageHandleBuilder).evaluatePackageHandle",
			Old: `!ph.isOpen`,
			New: `!ph.isOpen && !b.s.worthKeeping(ph)`,
		},
	},
}

// sub returns the folder of a graft.
func sub(fsys embed.FS, dir string) fs.FS {
	below, err := fs.Sub(fsys, dir)
	if err != nil {
		panic(err) // the name is valid
	}
	return below
}

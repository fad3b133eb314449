package code

import (
	"go/types"
	"strings"
)

// Path returns the path by which pkg is imported: go vet has "p [p.test]" for a
// package as its tests see it.
func Path(pkg *types.Package) string {
	path, _, _ := strings.Cut(pkg.Path(), " [")
	return path
}

// Dependency returns the package at path that pkg is or imports, however
// indirectly, or nil. One that pkg does not import itself may not be complete.
func Dependency(pkg *types.Package, path string) *types.Package {
	seen := make(map[*types.Package]bool)
	var find func(p *types.Package) *types.Package
	find = func(p *types.Package) *types.Package {
		if seen[p] {
			return nil
		}
		seen[p] = true
		if Path(p) == path {
			return p
		}
		for _, dep := range p.Imports() {
			if found := find(dep); found != nil {
				return found
			}
		}
		return nil
	}
	return find(pkg)
}

// Dependencies returns pkg and what it imports, however indirectly, by path: of two
// with one path that which is complete.
func Dependencies(pkg *types.Package) map[string]*types.Package {
	all := make(map[string]*types.Package)
	var add func(p *types.Package)
	add = func(p *types.Package) {
		path := Path(p)
		if have := all[path]; have != nil && (have.Complete() || !p.Complete()) {
			return
		}
		all[path] = p
		for _, dep := range p.Imports() {
			add(dep)
		}
	}
	add(pkg)
	return all
}

// Imported returns the package at path that pkg is or imports itself, or nil. It is
// complete, whatever the driver.
func Imported(pkg *types.Package, path string) *types.Package {
	if Path(pkg) == path {
		return pkg
	}
	for _, dep := range pkg.Imports() {
		if Path(dep) == path {
			return dep
		}
	}
	return nil
}

// Package synth writes Go modules of any size, to see how what hearth does
// grows with a workspace.
//
// A module is packages in layers. Each package imports a few of the layer below
// it and nothing else but a little of the standard library; so what a package
// depends on is bounded by the shape and not by the number of packages, and what
// grows with a module is the module. Within a layer some packages are imported
// far more often than others, as everywhere.
//
// The code is there to be asked about: each package has an interface, a type that
// implements it and the one of a package below, types that embed it, functions
// that call functions below. It compiles, go vet has nothing to say about it, and
// gofmt would leave it as it is. There are no tests: with them a go list prints
// three packages for each, which is another size and not another growth.
//
// The same [Shape] gives the same bytes.
package synth

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Module is the path of the module.
const Module = "example.com/synth"

// Shape says what a module is like. Of what is 0, the default is taken.
type Shape struct {
	Packages int    `json:"packages"` // 100
	Files    int    `json:"files"`    // of each package; 4
	Depth    int    `json:"depth"`    // layers; 6, or as many as there are packages
	FanIn    int    `json:"fanIn"`    // mean number of packages that import one, below the top layer; 3
	Seed     uint64 `json:"seed"`
}

// WithDefaults returns s with the defaults in place of what is 0.
func (s Shape) WithDefaults() Shape {
	s.Packages = cmp.Or(s.Packages, 100)
	s.Files = cmp.Or(s.Files, 4)
	s.Depth = min(cmp.Or(s.Depth, 6), s.Packages)
	s.FanIn = cmp.Or(s.FanIn, 3)
	return s
}

// String describes a shape in words.
func (s Shape) String() string {
	return fmt.Sprintf("%d files each, %d layers, fan-in %d, seed %d", s.Files, s.Depth, s.FanIn, s.Seed)
}

// Write writes a module into dir, which is made if it is not there.
func Write(dir string, s Shape) error {
	if s.Packages < 0 || s.Files < 0 || s.Depth < 0 || s.FanIn < 0 {
		return errors.New("writing a module: a negative number of something")
	}
	s = s.WithDefaults()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+Module+"\n\ngo 1.26\n"), 0o666); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range s.Packages {
		g.Go(func() error { return s.pkg(i).write(dir) })
	}
	return g.Wait()
}

// pkg is a package as the templates see it.
type pkg struct {
	Layer   int
	Name    string
	Imports []dependency // at least one, but in layer 0
	Files   int

	rand *rand.Rand
}

// dependency is a package that another one imports.
type dependency struct{ Path, Name string }

// layer returns which packages are in a layer: from the first up to the one
// before the end. Layer 0 is the lowest.
func (s *Shape) layer(n int) (first, end int) {
	return s.Packages * n / s.Depth, s.Packages * (n + 1) / s.Depth
}

// layerOf returns the layer of a package.
func (s *Shape) layerOf(i int) int {
	n := i * s.Depth / s.Packages
	for _, end := s.layer(n); i >= end; _, end = s.layer(n) { // the division has rounded down
		n++
	}
	return n
}

func (s *Shape) name(i int) string { return fmt.Sprintf("p%05d", i) }

// path returns the folder of a package below the module, and its path there.
func (s *Shape) path(i int) string { return fmt.Sprintf("layer%02d/%s", s.layerOf(i), s.name(i)) }

// pkg makes up a package. It depends on the shape and i alone, so that packages
// can be made up at the same time.
func (s *Shape) pkg(i int) *pkg {
	p := &pkg{
		Layer: s.layerOf(i), Name: s.name(i), Files: s.Files,
		rand: rand.New(rand.NewPCG(s.Seed, uint64(i))),
	}
	if p.Layer == 0 {
		return p
	}
	first, end := s.layer(p.Layer - 1)
	chosen := make(map[int]bool)
	for len(chosen) < min(s.FanIn, end-first) {
		// Squared, so that a tenth of a layer has a third of its importers.
		x := p.rand.Float64()
		chosen[first+int(x*x*float64(end-first))] = true
	}
	for _, j := range slices.Sorted(maps.Keys(chosen)) {
		p.Imports = append(p.Imports, dependency{Module + "/" + s.path(j), s.name(j)})
	}
	return p
}

// Top returns a file of the top layer, relative to the module and with slashes:
// what it imports leads through all layers. Its function New calls that of
// [Shape.Below].
func (s Shape) Top() string {
	s = s.WithDefaults()
	first, _ := s.layer(s.Depth - 1)
	return s.path(first) + "/" + s.name(first) + ".go"
}

// Below returns the name of a package that the one of [Shape.Top] imports, "" in
// a module of one layer.
func (s Shape) Below() string {
	s = s.WithDefaults()
	first, _ := s.layer(s.Depth - 1)
	if p := s.pkg(first); len(p.Imports) > 0 {
		return p.Imports[0].Name
	}
	return ""
}

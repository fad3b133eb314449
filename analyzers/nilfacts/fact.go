package nilfacts

import (
	"encoding/binary"
	"maps"
	"slices"

	"golang.org/x/tools/go/types/objectpath"
	"honnef.co/go/tools/analysis/facts/nilness"

	"github.com/gohearth/hearth/analyzers/code"
)

// Fact is what is known of the functions of a package, and of the methods of
// those that it leads to: whoever imports it can have values of their types.
type Fact struct {
	Own    Functions
	Others []Functions // by package path
}

func (*Fact) AFact() {}

func (f *Fact) String() string {
	return "nilness of the functions of " + f.Own.Package
}

// Functions is what is known of the functions of a package: for each list, its
// functions are sorted by their paths, and each is the length of what its path
// has in common with the one before, the length of the rest, the rest, the
// number of results, and a byte for each.
type Functions struct {
	Package string // its path
	Plain   []byte // functions of the package itself, which only who imports it can call
	Methods []byte
}

// fact returns that of the package.
func (k *known) fact() *Fact {
	plain, methods := make(list), make(list)
	for obj, found := range k.own {
		path, err := k.encoder.For(obj)
		switch {
		case err != nil: // nobody else can name it
		case obj.Parent() == k.pass.Pkg.Scope():
			plain[path] = found
		default:
			methods[path] = found
		}
	}
	fact := &Fact{Own: Functions{k.pass.Pkg.Path(), plain.pack(), methods.pack()}}
	reached := make(map[string]bool) // by the types of the package
	for _, p := range code.Dependencies(k.pass.Pkg) {
		reached[p.Path()] = true
	}
	for _, path := range slices.Sorted(maps.Keys(reached)) {
		if p := k.imported[path]; p != nil && len(p.of.Methods) > 0 {
			fact.Others = append(fact.Others, Functions{Package: path, Methods: p.of.Methods})
		}
	}
	return fact
}

// list is what is known of functions, by their paths in the package.
type list map[objectpath.Path][]nilness.ValueNilness

func (l list) pack() []byte {
	var packed []byte
	last := ""
	for _, path := range slices.Sorted(maps.Keys(l)) {
		name, common := string(path), 0
		for common < min(len(name), len(last)) && name[common] == last[common] {
			common++
		}
		packed = binary.AppendUvarint(packed, uint64(common))
		packed = binary.AppendUvarint(packed, uint64(len(name)-common))
		packed = append(packed, name[common:]...)
		packed = binary.AppendUvarint(packed, uint64(len(l[path])))
		for _, v := range l[path] {
			packed = append(packed, byte(v.Inner)<<4|byte(v.Outer))
		}
		last = name
	}
	return packed
}

// unpack returns both lists as one.
func (f Functions) unpack() list {
	l := make(list)
	for _, packed := range [][]byte{f.Plain, f.Methods} {
		number := func() int {
			n, size := binary.Uvarint(packed)
			packed = packed[size:]
			return int(n)
		}
		bytes := func(n int) (b []byte) {
			b, packed = packed[:n], packed[n:]
			return b
		}
		for path := ""; len(packed) > 0; {
			path = path[:number()]
			path += string(bytes(number()))
			rets := make([]nilness.ValueNilness, number())
			for i, b := range bytes(len(rets)) {
				rets[i] = nilness.ValueNilness{Inner: nilness.Nilness(b >> 4), Outer: nilness.Nilness(b & 0xf)}
			}
			l[objectpath.Path(path)] = rets
		}
	}
	return l
}

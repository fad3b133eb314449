package types

import "kinds/dep"

type embedded struct{ dep.Old } // want `use of type kinds/dep.Old is forbidden \(old\)`

var (
	_ dep.Old       // want `\(old\)`
	_ dep.Alias     // want `use of type kinds/dep.Old is forbidden \(old\)`
	_ dep.Second    // want `\(old\)`
	_ dep.Named     // silent: another type
	_ *dep.Box[int] // want `use of type kinds/dep.Box is forbidden \(box\)`
	_ = dep.New()   // silent: its name is not written
	_ any           // silent
)

type local = dep.Old // want `\(old\)`

var _ local // want `\(old\)`

func f() {
	type Old struct{}
	var _ Old          // silent: a local type
	_ = []dep.Walker{} // want `use of type kinds/dep.Walker is forbidden \(box\)`
}

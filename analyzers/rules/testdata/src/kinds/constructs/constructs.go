package constructs

import (
	. "fmt"  // want `dot import of "fmt" is forbidden \(dot-import\)`
	_ "os"   // want `blank import of "os" is forbidden \(blank-import\)`
	_ "unsafe" // want `blank import of "unsafe" is forbidden \(blank-import\)`
)

/* want `//go:linkname of now is forbidden \(linkname\)` */ //go:linkname now time.now
func now()

var global, other int // want `variable global at package level` `variable other at package level`

var _ Stringer = nil // silent: no variable

const c = 1 // silent: a constant

func init() { // want `func init is forbidden \(init\)`
	println(global) // want `call of the built-in println is forbidden \(print\)`
	print(other)    // want `call of the built-in print is forbidden \(print\)`
}

type t struct{}

func (t) init() {} // silent: a method

func f(x any, y interface{}, z interface{ M() }) (err error) { // want `the empty interface is forbidden` `the empty interface is forbidden`
	go f(1, 2, nil) // want `go statement is forbidden \(go\)`
	defer func() {  // want `defer statement is forbidden \(defer\)`
		recover() // want `call of the built-in recover is forbidden \(recover\)`
		return    // silent: nothing to return
	}()
	switch {
	case true:
		fallthrough // want `fallthrough statement is forbidden \(fallthrough\)`
	default:
	}
	select {} // want `select statement is forbidden \(select\)`
	goto end  // want `goto statement is forbidden \(goto\)`
end: // want `label end is forbidden \(label\)`
	_ = y.(int)        // want `type assertion that panics is forbidden: use v, ok := x.\(int\)`
	_, ok := y.(int)   // silent: checked
	if _, ok = y.(t); ok { // silent: checked
	}
	var _, ok2 = y.(string) // silent: checked
	_ = ok2
	switch y.(type) { // silent: does not panic
	}
	func(panic int) { _ = panic }(1) // silent: a parameter
	if ok {
		panic("no") // want `call of the built-in panic is forbidden \(panic\)`
	}
	func() {
		return // silent: of the literal
	}()
	return // want `return without operands is forbidden in a function with named results \(naked-return\)`
}

func generic[T any, U interface{}](T) (_ U) { // silent: constraints
	var s []any // want `the empty interface is forbidden`
	_ = s
	return *new(U)
}

type list[T any] struct{ t T } // silent: a constraint

func shadows() {
	type any int
	var _ any // silent: another type
}

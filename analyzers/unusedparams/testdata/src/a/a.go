package a

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	_ "unsafe"
)

func area(w, h, depth int) int { // want "unused parameter: depth"
	return w * h
}

func alone(name string) { // want "unused parameter: name"
	fmt.Println("hello")
}

func written(n int) { // silent: an assignment mentions it
	n = 1
}

func kept(n int, m int) int { // silent: mentioned on purpose
	_ = m
	return n
}

func underscore(_ int, _reserved string) { // silent: the name says it
	fmt.Println()
}

func Exported(n int) { // silent: another package may use it as a value
	fmt.Println()
}

func handler(w http.ResponseWriter, r *http.Request) { // silent: used as a value
	fmt.Fprintln(w, "hi")
}

func generic[T any](a, b T) T { // want "unused parameter: b"
	return a
}

func genericValue[T any](a, b T) T { // silent: used as a value
	return a
}

func calls() {
	area(1, 2, 3)
	http.HandleFunc("/", handler)
	(generic[int])(1, 2)
	use(genericValue[int])
}

func use(...any) {}

// Stubs.

func empty(n int)             {}                               // silent: stub
func panics(n int)            { panic("later") }               // silent: stub
func exits(n int)             { log.Fatalf("not on this OS") } // silent: stub
func constant(n int) int      { return 4 }                     // silent: stub
func zero(n int) (any, error) { return nil, nil }              // silent: stub
func literal(n int) struct{}  { return struct{}{} }            // silent: stub

var errLater = errors.New("later")

func sentinel(n int) error           { return errLater }                 // silent: stub
func notImplemented(n int) error     { return errors.New("later") }      // silent: stub
func unsupported(n int) (int, error) { return 0, errors.ErrUnsupported } // silent: stub

func works(n int) int { // want "unused parameter: n"
	return len(fmt.Sprint())
}

func fails(n int) error { // want "unused parameter: n"
	return fmt.Errorf("after %v", len(fmt.Sprint()))
}

// Methods.

type shape interface{ draw(scale int) }

type square struct{}

func (square) draw(scale int) { // silent: shape asks for it
	fmt.Println()
}

type note struct{}

func (note) draw(loud bool) { // want "unused parameter: loud"
	fmt.Println()
}

type visitor[T any] interface{ visit(T) }

func (note) visit(n int) { // silent: visitor[int] asks for it
	fmt.Println()
}

func (note) asked(n int) { // silent: asked for by the interface below
	fmt.Println()
}

func assert(v any) bool {
	_, ok := v.(interface{ asked(int) })
	return ok
}

func (note) value(n int) { // silent: used as a method value
	fmt.Println()
}

type box[T any] struct{ v T }

func (b box[T]) put(v T) { // silent: a method value of an instance
	fmt.Println()
}

func (b box[T]) get(n int) T { // want "unused parameter: n"
	return b.v
}

func methodValues(n note, b box[int]) {
	use(n.value, b.put)
	b.get(1)
}

// Literals.

func literals() {
	f := func(n int) { fmt.Println() } // want "unused parameter: n"
	f(1)
	_ = func(n int) { fmt.Println() }   // want "unused parameter: n"
	use(func(n int) { fmt.Println() })  // silent: use asks for the type
	g := func(n int) { fmt.Println(n) } // silent: used
	h := func(n int) { fmt.Println() }  // silent: h holds two functions
	if len(fmt.Sprint()) > 1 {
		h = func(n int) { fmt.Println(n) }
	}
	g(1)
	h(1)
	var typed http.HandlerFunc = func(w http.ResponseWriter, r *http.Request) { // silent: the type is named
		fmt.Println()
	}
	typed(nil, nil)
	var fact func(n, acc int) int
	fact = func(n, acc int) int { // want "unused parameter: acc"
		return n * fact(n-1, 0)
	}
	fact(1, 2)
}

var Hook = func(n int) { fmt.Println() } // silent: another package may use it

//go:linkname linked
func linked(n int) { // silent: the linker knows it
	fmt.Println()
}

package a

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"testing"
	"unsafe"
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

func sentinel(n int) error           { return errLater }                   // silent: stub
func notImplemented(n int) error     { return errors.New("later") }        // silent: stub
func unsupported(n int) (int, error) { return 0, errors.ErrUnsupported }   // silent: stub
func bare(n int) (err error)         { return }                            // silent: stub
func made(n int) map[int]int         { return make(map[int]int, 0) }       // silent: stub
func typedNil(n int) http.Handler    { return http.HandlerFunc(nil) }      // silent: stub
func pointer(n int) unsafe.Pointer   { return unsafe.Pointer(uintptr(0)) } // silent: stub
func openStub(n int)                 { fmt.Println() }                     // silent: its name says so
func throws(n int)                   { throw("later") }                    // silent: stub
func later(name string, n int) error { return newError(name) }             // silent: stub, whatever the error quotes
func failed(n int) error             { return &failure{op: "failed"} }     // silent: stub

func logged(name string, n int) (err error) { // silent: stub that says so
	log.Printf("%s: not implemented", name)
	return errLater
}

func complains(t testing.TB, n int) { // silent: stub of a fake
	t.Helper()
	t.Fatal("must not be called")
}

func testShape(t *testing.T) { // silent: every helper takes a t
	fmt.Println()
}

func zeroOf[T any](n int) T { // silent: stub
	var zero T
	return zero
}

type failure struct{ op string }

func (f *failure) Error() string { return f.op }

func newError(op string) error { return fmt.Errorf("%s: %d", op, len(op)) }

func throw(string) {}

func prints(n int) { println("working") } // want "unused parameter: n"

func converts(n int) http.Handler { // want "unused parameter: n"
	return http.HandlerFunc(handler)
}

func field(f *failure, n int) string { // want "unused parameter: n"
	return f.op
}

func logsWork(n int) { // want "unused parameter: n"
	log.Print(len(fmt.Sprint()))
}

func receives(c chan error, n int) { // want "unused parameter: n"
	panic(<-c)
}

// Parameters that only go round.

func countdown(n int, tag string) { // want "unused parameter: tag .only handed on to the recursive call."
	if n > 0 {
		countdown(n-1, tag)
	}
}

func swapped(n int, a, b string) { // silent: each becomes the other
	if n > 0 {
		swapped(n-1, b, a)
	}
}

func changed(n int, a string) { // silent: read to make another
	if n > 0 {
		changed(n-1, a+"x")
	}
}

func spread(n int, rest ...string) { // want "unused parameter: rest .only handed on to the recursive call."
	if n > 0 {
		spread(n-1, rest...)
	}
}

func (n note) again(depth int, tag string) { // want "unused parameter: tag .only handed on to the recursive call."
	if depth > 0 {
		n.again(depth-1, tag)
	}
}

func (b box[T]) again(depth int, v T) { // want "unused parameter: v .only handed on to the recursive call."
	if depth > 0 {
		b.again(depth-1, v)
	}
}

func ballast(n int, stack [1024]byte) { // silent: the copy of an array makes the stack grow
	if n > 0 {
		ballast(n-1, stack)
	}
}

// frame has arguments to be seen in a trace.
//
//go:noinline
func frame(a, b int) { // silent: what is not inlined is about its call
	fmt.Println()
}

// add ignores why, which is for whoever reads the call.
func add(p, n int, why string) int { // silent: the comment says so
	return p + n
}

// scale multiplies; an error is ignored.
func scale(p, by int) int { // want "unused parameter: by"
	return p * 2
}

func other(n int, tag string) { // silent: another function gets it
	countdown(n, tag)
}

// Parameters that hold nothing, and calls that cannot change.

type mark [0]func()

func tagged(n struct{}, m mark, k [2]struct{}) { // silent: their types say all there is
	fmt.Println()
}

func pair() (int, string) { return len(fmt.Sprint()), fmt.Sprint() }

func takesPair(n int, s string) { // silent: called as takesPair(pair())
	fmt.Println(n)
}

func forwards() { takesPair(pair()) }

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

type painter interface{ paint(colour string) error }

func (note) paint(colour string) { // want "unused parameter: colour"
	fmt.Println()
}

func (square) paint(colour string) error { // silent: painter asks for it
	fmt.Println()
	return nil
}

var _ painter = square{}

type constraint[T any] interface {
	*T
	fill(T, int) bool
}

func (s *square) fill(v square, n int) bool { // silent: constraint[square] asks for it
	return *s == v
}

func (n *note) fill(v string) bool { // want "unused parameter: v"
	return n != nil
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
	var down func(n int, tag string)
	down = func(n int, tag string) { // want "unused parameter: tag .only handed on to the recursive call."
		if n > 0 {
			down(n-1, tag)
		}
	}
	down(1, "")
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

// Three with the same parameters are a family; two are not.

func addOp(x, y, carry int) int { return x + y + carry }
func subOp(x, y, carry int) int { return x - y - carry }
func mulOp(x, y, carry int) int { return x * y } // silent: whoever calls one of them calls the others alike

func low(x, bits uint) uint  { return x & bits }
func high(x, bits uint) uint { return x >> 8 } // want "unused parameter: bits"

func ops() (int, uint) {
	return addOp(1, 2, 3) + subOp(3, 4, 5) + mulOp(5, 6, 7), low(1, 2) + high(3, 4)
}

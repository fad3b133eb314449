// Package known holds what other checkers reported by mistake, by the issue
// that says so.
package known

import (
	"errors"
	"fmt"
	"net/http"
	"sort"
)

// golang/go#65479: the parameter is for the file of another system.
func tune(fd int, delay int) error { // silent: known_plan9.go uses delay
	return check(fd)
}

func check(fd int) error { return fmt.Errorf("fd %d", fd+len(fmt.Sprint())) }

// unparam#52: the interface is in a package that this one does not import.
type plugin struct{}

func (plugin) Configure(options map[string]string) error { // silent: exported, whoever asks for it
	fmt.Println()
	return check(1)
}

// unparam#39: stubs that do not panic.
type nothing struct{}

func (nothing) load(name string) ([]byte, error) { // silent: stub
	return nil, errors.New("load is not implemented")
}

func (nothing) store(name string, data []byte) error { return nil } // silent: stub

// unparam#85: types that contain type parameters in odd places.
type (
	list[T any]    struct{ next *list[T] }
	grid[T any]    [2]list[T]
	alias[T any]   = list[T]
	union[T any]   interface{ ~[]T | ~map[string]T }
	wrap[T any]    struct{ inner struct{ v T } }
	empty[T any]   struct{}
	through[T any] struct{ f func(T) empty[T] }
)

func odd[T any, U union[T]](u U, a alias[T], g grid[T], w wrap[T], f through[T]) { // silent: used
	fmt.Println(u, a, g, w, f)
}

func oddUnused[T any, U union[T]](u U, a alias[T], g grid[T], w wrap[T]) { // want "parameter: u" "parameter: a" "parameter: g" "parameter: w"
	fmt.Println()
}

func oddEmpty[T any](e empty[T]) { // silent: nothing to read
	fmt.Println()
}

// golang/go#44152: a handler, by conversion.
func hello(w http.ResponseWriter, r *http.Request) { // silent: used as a value
	fmt.Fprintln(w, "hello")
}

func routes() http.Handler { return http.HandlerFunc(hello) }

// golang/go#64753: the same type as its neighbours, through a variable of a
// function type.
type step func(t *http.Request, n int) int

func first(t *http.Request, n int) int { // silent: an element of steps
	return n + 1
}

var steps = []step{first, func(t *http.Request, n int) int { return n + 2 }} // silent: an element of steps

func walk(t *http.Request) (n int) {
	for _, s := range steps {
		n = s(t, n)
	}
	return n
}

// golang/go#36602: a method that an interface asks for.
type visitor interface {
	visit(node any, depth int) visitor
}

type counter struct{ n int }

func (c *counter) visit(node any, depth int) visitor { // silent: visitor asks for it
	c.n++
	return c
}

type byName []string

func (b byName) Len() int           { return len(b) }
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b byName) Less(i, j int) bool { return len(b) > 1 } // silent: sort.Interface asks for it

var _ sort.Interface = byName(nil)

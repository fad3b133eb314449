// Package low has functions whose results are never nil.
package low

import "errors"

// T has methods that package top calls without an import of this package.
type T struct{ next *T }

var ErrAlways = errors.New("always")

type failure struct{}

func (*failure) Error() string { return "failure" }

// Fail never returns a nil interface.
func (t *T) Fail() error {
	var f *failure
	return f
}

// Next may return nil.
func (t *T) Next() *T { return t.next }

// Self is generic, and its methods are those of an instance.
type Self[E any] struct{ e *E }

func (s *Self[E]) New() *E { return new(E) }

// Hidden returns a type that nobody can name.
func Hidden() *hidden { return &hidden{} }

type hidden struct{}

func (*hidden) Err() error { return (*failure)(nil) }

// Local returns one that is declared in a function.
func Local() interface{ Err() error } {
	type local struct{ hidden }
	return &local{}
}

// Package low has a function that never returns nil.
package low

type failure struct{}

func (*failure) Error() string { return "failure" }

func Check() error {
	var f *failure
	return f
}

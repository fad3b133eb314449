// Package lazyregexp compiles regular expressions when they are first used.
//
// An editor waits for hearth to start. The expressions of all commands together took
// a quarter of the time until main, and most commands use none of them.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns a function that compiles expr when it is first called, and panics if
// it is not a regular expression. It may be called concurrently.
func New(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

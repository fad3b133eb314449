// Package hint attaches to an error the one thing that the user can do about
// it. main prints the two on separate lines:
//
//	hearth: error: go1.25.1 is too old to build gopls
//	hearth: hint: install Go 1.26 or later, or set GOTOOLCHAIN=go1.26.8
package hint

import (
	"errors"
	"fmt"
)

type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

// Add returns err with a hint, or nil if err is nil. The hint is lower case,
// without a full stop, and names the command or the text to write.
func Add(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// Of returns the outermost hint of err, or "".
func Of(err error) string {
	if h, ok := errors.AsType[*hinted](err); ok {
		return h.hint
	}
	return ""
}

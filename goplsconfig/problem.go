package goplsconfig

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Position is a place in a policy file. Line and Column count from 1; a
// Position with Line 0 means the file as a whole.
type Position struct {
	File         string
	Line, Column int
}

func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing that is wrong at one place, and what to write instead.
type Problem struct {
	File         string
	Line, Column int
	Message      string
	Hint         string // may be empty
}

// String returns "path:line:col: message (hint)", which editors and CI can
// turn into a link.
func (p Problem) String() string {
	return Position{p.File, p.Line, p.Column}.String() + ": " + p.Text()
}

// Text returns "message (hint)".
func (p Problem) Text() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// Problems is an error made of all that is wrong, in the order of the files.
type Problems []Problem

// Error returns one problem per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// RelativeTo returns the problems with file names as seen from dir, where
// that is shorter.
func (ps Problems) RelativeTo(dir string) Problems {
	out := slices.Clone(ps)
	for i, p := range out {
		if rel, err := filepath.Rel(dir, p.File); err == nil && len(rel) < len(p.File) {
			out[i].File = rel
		}
	}
	return out
}

// add appends a problem.
func (ps *Problems) add(at Position, hint, format string, args ...any) {
	*ps = append(*ps, Problem{at.File, at.Line, at.Column, fmt.Sprintf(format, args...), hint})
}

// Sorted returns the problems by place, without repetitions.
func (ps Problems) Sorted() Problems {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(out)
}

// err returns the sorted problems as an error, and nil if there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps.Sorted()
}

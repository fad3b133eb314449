package suppression

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
)

// judge reports the directives that are not as the policy wants them. It runs
// when all analyzers that the policy has on are done with the package.
func (w *wrapper) judge(pass *analysis.Pass, x *index, report func(analysis.Diagnostic)) {
	generated := make(map[*token.File]bool)
	for _, file := range pass.Files {
		generated[pass.Fset.File(file.FileStart)] = code.Generated(pass.Fset, file)
	}
	x.mu.Lock() // analyzers that the policy has off may still be at it, for others that need them
	defer x.mu.Unlock()
	for _, d := range x.directives {
		if generated[d.file] {
			continue // the generator's
		}
		found := analysis.Diagnostic{Pos: d.comment.Pos(), End: d.comment.End()}
		switch ours := d.matched || w.ranAll(x, d); { // what matched nothing may be for another linter
		case len(d.names) == 0:
			found.Message = fmt.Sprintf("%s names no analyzer: write %s NAME reason", d.verb, d.verb)
		case !ours:
			continue
		case x.policy.ForbidInline:
			found.Message = fmt.Sprintf("%v suppresses nothing: the policy forbids such comments; ask for an exception in hearth.yaml", d)
		case !x.obeys(d):
			found.Message = fmt.Sprintf("%v suppresses nothing until it gives a reason: write %s", d, d.withReason())
		case !d.matched && w.elsewhere(pass):
			continue // what it is for may be used, or unused, in a file that is not seen here
		case !d.matched:
			found.Message = fmt.Sprintf("%v matches nothing: remove it", d)
			found.SuggestedFixes = removal(pass, d)
		default:
			continue
		}
		report(found)
	}
}

// ranAll reports whether each name of d means analyzers of ours alone, and all
// of those ran on the package.
func (w *wrapper) ranAll(x *index, d *directive) bool {
	for _, name := range d.names {
		known := false
		for a, s := range w.subjects {
			if !s.exactly(name) && !contains(s.Codes, name) {
				continue
			}
			if s.Varies {
				return false
			}
			known = true
			if !s.Ran || !x.ran[w.replaced[a]] {
				return false
			}
		}
		if !known {
			return false
		}
	}
	return len(d.names) > 0
}

// elsewhere reports whether the package has files for another operating system
// or build tag.
func (w *wrapper) elsewhere(pass *analysis.Pass) bool {
	return slices.ContainsFunc(code.Siblings(pass), func(path string) bool {
		if filepath.Ext(path) != ".go" {
			return false
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly)
		return err == nil && file.Name.Name == pass.Pkg.Name()
	})
}

// withReason returns the directive as it should be.
func (d *directive) withReason() string {
	switch {
	case d.bare:
		return d.verb + ":NAME // reason"
	case d.verb == nolint:
		return d.String() + " // reason"
	}
	return d.String() + " reason"
}

// removal returns the fix that removes d, with its line if there is nothing else
// on it, else with the blanks in front. Without the file's text there is none.
func removal(pass *analysis.Pass, d *directive) []analysis.SuggestedFix {
	text, err := pass.ReadFile(d.file.Name())
	start := d.file.Offset(d.comment.Pos())
	if err != nil || len(text) != d.file.Size() {
		return nil
	}
	end := len(text)
	if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
		end = start + i
	}
	before := len(bytes.TrimRight(text[:start], " \t"))
	if before == 0 || text[before-1] == '\n' {
		end = min(end+1, len(text))
	} else {
		end = len(bytes.TrimRight(text[:end], "\r"))
	}
	return []analysis.SuggestedFix{{
		Message:   "Remove the comment",
		TextEdits: []analysis.TextEdit{{Pos: d.file.Pos(before), End: d.file.Pos(end)}},
	}}
}

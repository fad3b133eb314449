package suppression

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// index is what is known of the suppressions of one package. The wrapped
// analyzers share it, and run concurrently.
type index struct {
	policy     *policy.Suppress
	directives []*directive
	exceptions []int // those of the policy's that speak of the package

	mu     sync.Mutex
	ran    map[*analysis.Analyzer]bool // by wrapped analyzer
	others map[string][]*directive     // of files that are not of the package, read when something is found in them
}

// indexer returns the pass that reads the comments of a package once for all.
// Its name carries a hash of the policy into gopls's cache key, as that of the
// rules does.
func indexer(p *policy.Suppress) *analysis.Analyzer {
	in := make([]pkgpath.Patterns, len(p.Exceptions))
	for i, e := range p.Exceptions {
		in[i] = pkgpath.Compile(e.In)
	}
	return &analysis.Analyzer{
		Name:             "suppression_" + p.Digest()[:12],
		Doc:              "read the suppression comments of a package\n\nIt reports nothing.",
		RunDespiteErrors: true, // as some that need it do
		ResultType:       reflect.TypeFor[*index](),
		Run: func(pass *analysis.Pass) (any, error) {
			x := &index{policy: p, ran: make(map[*analysis.Analyzer]bool), others: make(map[string][]*directive)}
			for _, file := range pass.Files {
				x.directives = append(x.directives, directives(pass.Fset.File(file.FileStart), file)...)
				x.others[pass.Fset.PositionFor(file.FileStart, false).Filename] = nil // it is one of ours
			}
			for i := range p.Exceptions {
				if len(in[i]) == 0 || in[i].Match(pkgpath.Of(pass.Pkg)) {
					x.exceptions = append(x.exceptions, i)
				}
			}
			return x, nil
		},
	}
}

// A verdict says who answers for a finding.
type verdict struct {
	directive *directive // nil: an exception of the policy
	exception int        // its index
	reason    string
}

// verdict returns why d is suppressed, or nil. It notes each directive that is
// for d, whether the policy lets it suppress anything or not.
func (x *index) verdict(pass *analysis.Pass, s *Subject, d *analysis.Diagnostic) *verdict {
	var v *verdict
	for _, dir := range slices.Concat(x.elsewhere(pass, d.Pos), x.directives) {
		if !dir.covers(d.Pos) || !slices.ContainsFunc(dir.names, func(name string) bool { return s.named(name, d.Category) }) {
			continue
		}
		x.mu.Lock()
		dir.matched = true
		x.mu.Unlock()
		if v == nil && x.obeys(dir) {
			v = &verdict{directive: dir, reason: dir.reason}
		}
	}
	if v == nil {
		v = x.excepted(pass.Fset, s, d)
	}
	return v
}

// elsewhere returns the directives of the file at pos if it is not one of the
// package: buildtag looks into files for other platforms, too. They suppress,
// and are not judged, as no other pass has seen the file.
func (x *index) elsewhere(pass *analysis.Pass, pos token.Pos) []*directive {
	tf := pass.Fset.File(pos)
	if tf == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	list, ok := x.others[tf.Name()]
	if !ok {
		list = readDirectives(pass, tf)
		x.others[tf.Name()] = list
	}
	return list
}

// readDirectives reads the directives of a file that the package does not hold.
func readDirectives(pass *analysis.Pass, tf *token.File) []*directive {
	if !strings.HasSuffix(tf.Name(), ".go") {
		return nil
	}
	text, err := pass.ReadFile(tf.Name())
	if err != nil {
		return nil
	}
	fset := token.NewFileSet()
	if size := tf.Base() - 2; size >= 0 {
		fset.AddFile("", 1, size) // so that the file gets the positions that it has in the pass
	}
	file, err := parser.ParseFile(fset, tf.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	return directives(fset.File(file.FileStart), file)
}

// excepted returns the exception of the policy that is for d, or nil.
func (x *index) excepted(fset *token.FileSet, s *Subject, d *analysis.Diagnostic) *verdict {
	for _, i := range x.exceptions {
		if e := &x.policy.Exceptions[i]; s.excepted(e, d.Category) && inFiles(e, fset.PositionFor(d.Pos, false).Filename) {
			return &verdict{exception: i, reason: e.Reason}
		}
	}
	return nil
}

// obeys reports whether the policy lets dir suppress anything.
func (x *index) obeys(dir *directive) bool {
	return !x.policy.ForbidInline && (dir.reason != "" || x.policy.ReasonOptional)
}

func inFiles(e *policy.Exception, file string) bool {
	return len(e.Files) == 0 || slices.ContainsFunc(e.Files, func(pattern string) bool {
		ok, _ := path.Match(pattern, filepath.Base(file)) // checked when the policy was read
		return ok
	})
}

// A Subject is an analyzer whose findings can be suppressed, with what it is
// known by beside its name.
type Subject struct {
	*analysis.Analyzer

	// Aliases are names that it shares with others: its group, what other
	// linters call it. A comment may hold one of them for the others' sake.
	Aliases []string

	Codes []string // categories that are names of their own, as the ids of rules are

	// Varies says that it finds one thing on one platform and another on the
	// next, so that a comment that matches nothing here may be needed there.
	Varies bool

	// Ran says that the policy has the analyzer on, so that a comment for it
	// is expected to match something.
	Ran bool
}

// named reports whether a directive that holds name means a finding of this
// category.
func (s *Subject) named(name, category string) bool {
	return s.exactly(name) || strings.EqualFold(name, "all") || contains(s.Aliases, name) ||
		contains(s.Codes, name) && strings.EqualFold(name, category)
}

// exactly reports whether name is the analyzer's own, or a pattern of it.
func (s *Subject) exactly(name string) bool {
	ok, _ := path.Match(strings.ToLower(name), strings.ToLower(s.Name)) // a bad pattern matches nothing
	return ok
}

// contains reports whether names has name, in whatever case.
func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

func (s *Subject) excepted(e *policy.Exception, category string) bool {
	return slices.ContainsFunc(e.Analyzers, func(name string) bool { return s.named(name, category) })
}

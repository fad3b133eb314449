// Package fix applies the fixes of findings to source files.
//
// A [Plan] takes the first fix of each finding, which is the one that analyzers
// promise to be safe, and leaves out what cannot be applied with the others: a
// fix whose edits overlap those of an earlier one, one in a file that is not
// ours to edit, and one with which a package does not compile. Each is named in
// [Plan.Skipped]. What is left is formatted as gofmt does, compiles, and is
// written as a whole or not at all.
//
// "go fix -fixtool" applies fixes as well, and does not keep these promises.
// It applies those of old findings too, as it knows no baseline; one conflict
// makes it drop all fixes of the package, and name none of them; it formats only
// what parses, compiles nothing, and writes over files in place.
package fix

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/gohearth/hearth/internal/vet"
)

// Unsafe names analyzers whose fixes are not applied, with the reason.
var Unsafe = map[string]string{
	"fieldalignment": "its fixes drop comments, and change what literals without field names mean",
}

// Plan is what becomes of files. It is made by [New], and narrowed down by
// [Plan.Compile].
type Plan struct {
	Skipped []Skip
	Unsafe  map[string]int // how many findings of these analyzers have a fix

	root  string
	files map[string]*file // those that a fix wants to edit
	fixes []*fix           // to be applied, in the order of the report
}

// Skip is a fix that is not applied.
type Skip struct {
	Diagnostic vet.Diagnostic
	Why        string
}

// fix is the first fix of a finding.
type fix struct {
	diagnostic vet.Diagnostic
	edits      []vet.Edit
	twins      int // how many later findings have the very same fix
}

// file is a file as it was when the plan was made.
type file struct {
	name    string // relative to the root, with slashes
	path    string
	old     []byte
	imports region // where order does not matter
	unfit   string // why it cannot be edited
	edits   merged
}

// New returns the plan for the findings of a report whose files are relative to
// root. name returns a file as the reader would type it.
func New(root string, findings []vet.Diagnostic, name func(file string) string) *Plan {
	p := &Plan{root: root, files: make(map[string]*file), Unsafe: make(map[string]int)}
	same := make(map[string]*fix)
	for _, d := range findings {
		if len(d.Fixes) == 0 || len(d.Fixes[0].Edits) == 0 {
			continue
		}
		if Unsafe[d.Analyzer] != "" {
			p.Unsafe[d.Analyzer]++
			continue
		}
		f := &fix{diagnostic: d, edits: slices.Clone(d.Fixes[0].Edits)}
		slices.SortStableFunc(f.edits, compareEdits)
		key := fmt.Sprint(f.edits)
		if twin := same[key]; twin != nil {
			twin.twins++
			continue
		}
		if why := p.add(f, name); why != "" {
			p.skip(f, why)
			continue
		}
		same[key] = f
		p.fixes = append(p.fixes, f)
	}
	return p
}

// add merges a fix with those before it, or says why it cannot.
func (p *Plan) add(f *fix, name func(string) string) (why string) {
	for i, e := range f.edits {
		file := p.file(e.File)
		if file.unfit != "" {
			return fmt.Sprintf("%s %s", name(e.File), file.unfit)
		}
		if e.Start < 0 || e.Start > e.End || e.End > len(file.old) {
			return fmt.Sprintf("%s changed while it was analysed", name(e.File))
		}
		if i > 0 && f.edits[i-1].File == e.File && f.edits[i-1].End > e.Start {
			return "its edits overlap one another"
		}
		if other := file.edits.conflict(e, file.imports); other != nil {
			return fmt.Sprintf("it overlaps the fix of %s", Place(other.diagnostic, name))
		}
	}
	for _, e := range f.edits {
		p.files[e.File].edits.insert(e, f)
	}
	return ""
}

// Place returns how messages name a finding.
func Place(d vet.Diagnostic, name func(string) string) string {
	return fmt.Sprintf("%s:%d:%d (%s)", name(d.File), d.Line, d.Column, d.Analyzer)
}

func (p *Plan) skip(f *fix, why string) {
	p.Skipped = append(p.Skipped, Skip{f.diagnostic, why})
}

// drop takes fixes out of the plan.
func (p *Plan) drop(list []*fix, why string) {
	for _, f := range list {
		if i := slices.Index(p.fixes, f); i >= 0 {
			p.fixes = slices.Delete(p.fixes, i, i+1)
			p.skip(f, why)
		}
	}
}

// Fixed returns the number of findings that the plan mends.
func (p *Plan) Fixed() (n int) {
	for _, f := range p.fixes {
		n += 1 + f.twins
	}
	return n
}

// Change is a file before and after.
type Change struct {
	File     string // relative to the root, with slashes
	Old, New []byte
}

// Changes returns the files that the plan changes, by name.
func (p *Plan) Changes() ([]Change, error) {
	changes, broken := p.render(p.fixes)
	for _, name := range slices.Sorted(maps.Keys(broken)) {
		return nil, fmt.Errorf("fixing %s: %w", name, broken[name])
	}
	return changes, nil
}

// render returns the files with certain fixes applied, and those that do not
// parse then.
func (p *Plan) render(fixes []*fix) (changes []Change, broken map[string]error) {
	edits := make(map[string]*merged)
	for _, f := range fixes {
		for _, e := range f.edits {
			if edits[e.File] == nil {
				edits[e.File] = new(merged)
			}
			edits[e.File].insert(e, f)
		}
	}
	broken = make(map[string]error)
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		f := p.files[name]
		after, err := format(f.old, edits[name].apply(f.old))
		if err != nil {
			broken[name] = err
		} else if !bytes.Equal(after, f.old) {
			changes = append(changes, Change{name, f.old, after})
		}
	}
	return changes, broken
}

// file reads a file, once.
func (p *Plan) file(name string) *file {
	f := p.files[name]
	if f == nil {
		f = &file{name: name, path: filepath.Join(p.root, filepath.FromSlash(name))}
		p.files[name] = f
		if f.unfit = unfitName(name); f.unfit != "" {
			return f
		}
		// To write through a link may be to write elsewhere, or twice.
		if real, err := filepath.EvalSymlinks(f.path); err == nil && real != f.path {
			f.unfit = "is a symbolic link"
			return f
		}
		var err error
		if f.old, err = os.ReadFile(f.path); err != nil {
			f.unfit = "cannot be read"
			return f
		}
		f.imports, f.unfit = inspect(f.old)
	}
	return f
}

func compareEdits(a, b vet.Edit) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
}

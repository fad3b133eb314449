// Package grafts holds the grafts: named changes to the private copy of gopls
// from which a toolchain is built.
//
// A graft says which declarations it touches and, within them, which syntax.
// A patch file would name places by their line numbers, and a copy of a whole
// file would undo what the next gopls changes in it. Syntax either still
// stands there, once, and then the change still means what it meant, or the
// graft is left out: gopls must be whole without any of them.
//
// Grafts change what gopls can do or how fast it is, never what it answers.
// internal/sameness compares a gopls that has them with one that has none.
//
// A graft is a file of this package and an entry of [All]. What it adds to
// gopls is in a folder of its name: see [Graft.Source].
package grafts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/hint"
)

// All are the grafts, in the order in which they are applied.
var All = []*Graft{
	mcpSocket,
	ruleSeverity,
	retentionGraft,
	handlesGraft,
	exactKeys,
	storeOnce,
	sameText,
	workspacePackages,
	changedBody,
	oneBody,
	declaringFile,
	presize,
	deepBound,
	methodSets,
	symbolSearch,
	importCandidates,
	itemDocs,
	formatParts,
	encodeOnce,
	analysisCancel,
	gcPace,
	idleGraft,
}

// A Graft is one change, of one or more places, which goes in as a whole or
// not at all.
type Graft struct {
	Name string // as it is chosen and listed; a Go identifier in lower case
	Doc  string // one line: what gopls can do with it, or what is faster

	Why      string // what is wrong with gopls as it is, and why not otherwise
	Cost     string // what it takes: memory, time, or what it makes harder
	Upstream string // URL of the issue about it, or "" if none is known
	Figure   string // one line: what was measured, and where to read more

	Edits []Edit

	// Source is what the graft adds, nil if nothing. Its Go files are the
	// package toolchain/grafts/NAME of this module, which is linked into gopls:
	// logic that can be tested without one. A file files/DIR/NAME.go.txt is
	// added to the gopls module as DIR/NAME.go, which must not be there; it is
	// the glue that calls that package.
	Source fs.FS
}

// An Edit changes one place. It fits a gopls in which its declaration is there
// once, and its place once within that.
type Edit struct {
	Package string // its folder within the gopls module, with slashes; the file does not matter

	// Decl is a name of the package: "New", "Cache", "(*Cache).Get", "(Key).String".
	// Where releases call it differently it is several, with a | between them.
	Decl string

	// Old is the place, as Go source: an expression, one or more statements in
	// a row, the same of fields, of elements of a composite literal or of
	// arguments, without a comma at the end. It is compared by syntax: comments
	// and layout do not count. A file with the change must parse.
	//
	// Without it, the place is the start of the function's body, or that of the
	// fields of the struct, before all that is there.
	Old string
	At  Position // what becomes of Old
	New string

	// Imports are what New needs, each a path, or a name and a path. Those that
	// the file has already are left alone, and those that it no longer uses go.
	Imports []string
}

// Position is where the new source goes.
type Position int

const (
	Replace Position = iota // in the place of the old
	Before                  // for statements and fields
	After
)

// None is the name that chooses no graft.
const None = "none"

// Choose returns the grafts of a list of names, separated by commas: all of
// them for "", and none for [None]. The order of the list does not matter.
func Choose(names string) ([]*Graft, error) {
	switch names {
	case "":
		return All, nil
	case None:
		return nil, nil
	}
	wanted := strings.Split(names, ",")
	for i, name := range wanted {
		wanted[i] = strings.TrimSpace(name)
		if !slices.ContainsFunc(All, func(g *Graft) bool { return g.Name == wanted[i] }) {
			return nil, hint.Add(fmt.Errorf("there is no graft %q", wanted[i]), "the grafts are %s; %q leaves all of them out", strings.Join(Names(All), ", "), None)
		}
	}
	var list []*Graft
	for _, g := range All {
		if slices.Contains(wanted, g.Name) {
			list = append(list, g)
		}
	}
	return list, nil
}

// Names returns the names of the grafts of a list.
func Names(list []*Graft) (names []string) {
	for _, g := range list {
		names = append(names, g.Name)
	}
	return names
}

// Digest hashes what of the grafts decides the bytes that are built, but for
// the packages that are linked.
func Digest(list []*Graft) (string, error) {
	h := sha256.New()
	for _, g := range list {
		fmt.Fprintf(h, "%q\n", g.Name)
		for _, e := range g.Edits {
			fmt.Fprintf(h, "%q %q %q %d %q %q\n", e.Package, e.Decl, e.Old, e.At, e.New, e.Imports)
		}
		added, err := g.files()
		if err != nil {
			return "", err
		}
		for _, f := range added {
			fmt.Fprintf(h, "%q %q\n", f.path, f.text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// file is one that a graft adds or changes.
type file struct {
	path string // within the gopls module, with slashes
	text []byte
}

// Added returns the names of the files that the graft adds to the gopls module.
func (g *Graft) Added() (names []string, err error) {
	list, err := g.files()
	for _, f := range list {
		names = append(names, f.path)
	}
	return names, err
}

// files returns what the graft adds.
func (g *Graft) files() (list []file, err error) {
	if g.Source == nil {
		return nil, nil
	}
	err = fs.WalkDir(g.Source, ".", func(path string, d fs.DirEntry, err error) error {
		name, below := strings.CutPrefix(path, "files/")
		if err != nil || d.IsDir() || !below {
			return err
		}
		text, err := fs.ReadFile(g.Source, path)
		list = append(list, file{strings.TrimSuffix(name, ".txt"), text})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading what graft %s adds: %w", g.Name, err)
	}
	return list, nil
}

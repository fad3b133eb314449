// Package formatparts formats Go files part by part, and remembers which parts are
// formatted.
//
// A part is what stands between two blank lines outside of all declarations. How it is
// formatted hardly depends on anything else, as a blank line ends what is aligned; where it
// does, the file is one part. So a formatted file is its formatted parts, one after the
// other. The parts of a file that were formatted when it was saved last, which are all but
// one, need not be printed again.
package formatparts

import (
	"bytes"
	"crypto/sha256"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Formatter formats files. Its zero value is ready, and it is safe for concurrent
// use.
type Formatter struct {
	mu        sync.Mutex
	formatted map[[sha256.Size]byte]bool // the texts of parts
}

// mostKnown is how many parts a [Formatter] remembers: half a megabyte, a hundred
// large files.
const mostKnown = 10_000

// Node returns what [format.Node] writes of a file that was parsed without an
// error, with its comments. src is its text.
func (f *Formatter) Node(fset *token.FileSet, file *ast.File, src []byte) ([]byte, error) {
	parts := split(fset, file, src)
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	texts := make([][]byte, len(parts))
	for i, p := range parts {
		g.Go(func() (err error) {
			texts[i], err = f.text(fset, p)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return bytes.Join(texts, []byte("\n")), nil
}

// text returns the formatted text of a part.
func (f *Formatter) text(fset *token.FileSet, p part) ([]byte, error) {
	key := sha256.Sum256(p.src)
	f.mu.Lock()
	formatted := f.formatted[key]
	f.mu.Unlock()
	if formatted {
		return p.src, nil
	}
	text, known, err := p.format(fset)
	if known {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.formatted == nil || len(f.formatted) >= mostKnown {
			f.formatted = make(map[[sha256.Size]byte]bool)
		}
		f.formatted[key] = true
	}
	return text, err
}

// part is a part of a file.
type part struct {
	src  []byte
	file *ast.File // with the declarations of this part, and the comments in it

	clause []byte // what is printed before it, but is not of it: the package clause of the file
	again  bool   // format.Node would print it twice, as the imports of the file may not be sorted
}

// split returns the parts of a file. The first has the package clause, and the imports.
func split(fset *token.FileSet, file *ast.File, src []byte) (parts []part) {
	tok := fset.File(file.FileStart)
	first, start := 0, file.FileStart // of the part that has not ended: its first declaration, and where its text starts
	end := func(decl int, pos token.Pos) {
		f := &ast.File{
			Package: file.Package, Name: file.Name,
			Decls: file.Decls[first:decl], Comments: commentsIn(file, start, pos),
		}
		p := part{src: src[tok.Offset(start):tok.Offset(pos)], file: f}
		if start == file.FileStart {
			f.Doc = file.Doc
		} else {
			p.clause = []byte("package " + file.Name.Name + "\n\n")
			p.again = isGrouped(file)
		}
		parts = append(parts, p)
	}
	if !hasConstraint(file) && bytes.IndexByte(src, '\f') < 0 { // which go/printer takes for a line
		startsLine := func(pos token.Pos) bool { return src[tok.Offset(pos)-1] == '\n' }
		for i, decl := range file.Decls[:max(0, len(file.Decls)-1)] {
			next := file.Decls[i+1]
			if !bytes.HasPrefix(src[tok.Offset(decl.End()):], []byte("\n\n")) || isImport(next) || !startsLine(next.Pos()) ||
				slices.ContainsFunc(commentsIn(file, decl.End(), next.Pos()), func(g *ast.CommentGroup) bool { return !startsLine(g.Pos()) }) {
				continue // what is indented gets the indentation of what was before
			}
			end(i+1, decl.End()+1)
			first, start = i+1, decl.End()+2
		}
	}
	end(len(file.Decls), file.FileEnd)
	return parts
}

// commentsIn returns those that start between two positions.
func commentsIn(file *ast.File, start, end token.Pos) []*ast.CommentGroup {
	index := func(pos token.Pos) int {
		i, _ := slices.BinarySearchFunc(file.Comments, pos, func(g *ast.CommentGroup, pos token.Pos) int { return int(g.Pos() - pos) })
		return i
	}
	return file.Comments[index(start):index(end)]
}

func isImport(decl ast.Decl) bool {
	d, ok := decl.(*ast.GenDecl)
	return ok && d.Tok == token.IMPORT
}

// isGrouped reports whether format.Node takes the imports of a file for unsorted: it
// prints such a file, parses that, sorts, and prints it again.
func isGrouped(file *ast.File) bool {
	for _, decl := range file.Decls {
		if !isImport(decl) {
			return false
		}
		if decl.(*ast.GenDecl).Lparen.IsValid() {
			return true
		}
	}
	return false
}

// hasConstraint reports whether there are build constraints behind the package
// clause: they are moved before it.
func hasConstraint(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() > file.Package && (constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text)) {
				return true
			}
		}
	}
	return false
}

// format formats a part. It reports whether the part is formatted, so that to print it
// once more changes nothing.
func (p part) format(fset *token.FileSet) (text []byte, formatted bool, err error) {
	text, err = p.print(fset, p.file)
	if err != nil {
		return nil, false, err
	}
	if formatted := bytes.Equal(text, p.src); formatted || !p.again {
		return text, formatted, nil
	}
	fset = token.NewFileSet()
	file, err := parser.ParseFile(fset, "", slices.Concat(p.clause, text), parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, false, err
	}
	text, err = p.print(fset, file)
	return text, false, err
}

func (p part) print(fset *token.FileSet, file *ast.File) ([]byte, error) {
	var buf bytes.Buffer
	err := format.Node(&buf, fset, file)
	return bytes.TrimPrefix(buf.Bytes(), p.clause), err
}

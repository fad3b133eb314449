package suppression

import (
	"go/ast"
	"go/token"
	"math"
	"strings"
)

// directives returns the directives of file, which is tf, in source order, each with the
// lines that it is for.
func directives(tf *token.File, file *ast.File) []*directive {
	if tf == nil {
		return nil
	}
	var all []*directive
	ends := make(map[*directive]token.Pos) // of the comment group around a directive
	for _, group := range file.Comments {
		for _, c := range group.List {
			if !strings.Contains(c.Text, "lint") { // cheap, and true of few comments
				continue
			}
			if d := parse(c); d != nil {
				d.file = tf
				all = append(all, d)
				ends[d] = group.End()
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	code := newLayout(tf, file)
	for _, d := range all {
		d.from, d.to = code.extent(d, ends[d])
	}
	return all
}

// layout knows what stands on the lines of a file.
type layout struct {
	file   *token.File
	clause int               // the line of the package clause
	first  map[int]token.Pos // by line: where its first code is
	starts map[int]ast.Node  // by line: the outermost node that begins there
}

func newLayout(tf *token.File, file *ast.File) *layout {
	l := &layout{tf, lineOf(tf, file.Package), make(map[int]token.Pos), make(map[int]ast.Node)}
	// A line may as well begin with the end of a node, "}" or ")".
	l.inspect(file, func(n ast.Node) { l.note(n.Pos()); l.note(n.End() - 1) })
	l.inspect(file, func(n ast.Node) {
		line := lineOf(tf, n.Pos())
		if _, ok := l.starts[line]; !ok && n.Pos() == l.first[line] {
			l.starts[line] = n // outer nodes come first
		}
	})
	return l
}

// inspect visits the code of file.
func (l *layout) inspect(file *ast.File, visit func(ast.Node)) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.CommentGroup:
			return false
		case *ast.File:
			return true
		}
		visit(n)
		return true
	})
}

// note notes that there is code at pos. Code that does not parse has nodes
// without a place.
func (l *layout) note(pos token.Pos) {
	if int(pos) < l.file.Base() || int(pos) > l.file.Base()+l.file.Size() {
		return
	}
	line := lineOf(l.file, pos)
	if first, ok := l.first[line]; !ok || pos < first {
		l.first[line] = pos
	}
}

// extent returns the first and the last line that d is for. end is the end of
// its comment group, below which the code is that it speaks of.
func (l *layout) extent(d *directive, end token.Pos) (from, to int) {
	line, below := lineOf(l.file, d.comment.Pos()), lineOf(l.file, end)+1
	if d.verb == fileIgnore {
		return 1, math.MaxInt
	}
	if first, ok := l.first[line]; ok && first < d.comment.Pos() || line == l.clause {
		return line, line // at the end of a line
	}
	if below == l.clause {
		return 1, math.MaxInt
	}
	if n, ok := l.starts[below]; ok {
		return line, lineOf(l.file, n.End()-1)
	}
	return line, below
}

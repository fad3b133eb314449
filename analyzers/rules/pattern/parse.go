package pattern

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error says what is wrong with a pattern, and where.
type Error struct {
	// Part is what is wrong: "from", "to", or "where" with the name of a
	// placeholder, "where x".
	Part   string
	Offset int // in bytes, from the start of the part
	Message,
	Hint string // what to write instead; may be empty
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s, offset %d: %s", e.Part, e.Offset, e.Message)
}

// source is a parsed part of a pattern. What Go has no syntax for was replaced by
// identifiers for the parser, which marks knows by their place.
type source struct {
	part string
	text string // as written
	at   int    // of text in the part, where it is not all of it
	root ast.Expr

	marks   map[*ast.Ident]*mark
	holed   map[ast.Node]bool // there is a placeholder in it
	byPlace map[int]*mark     // by offset in what the parser saw
	pieces  []piece           // in order
}

// mark is what stands in the place of an identifier: a placeholder or a package.
type mark struct {
	from, to int    // in text
	seen     string // what the parser saw

	name string // of a placeholder, "_" for any
	many bool   // $*name

	path string // of a package; the selector around it is a symbol
}

// piece says that from offset seen on the parser saw what begins at offset text.
type piece struct{ seen, text int }

func (s *source) errorf(offset int, hint, format string, args ...any) *Error {
	return &Error{Part: s.part, Offset: min(max(offset, 0), len(s.text)), Message: fmt.Sprintf(format, args...), Hint: hint}
}

// offset returns where a position is in the text.
func (s *source) offset(pos token.Pos) int { return s.toText(int(pos) - 1) } // the file's base is 1

func (s *source) toText(seen int) int {
	i, exact := slices.BinarySearchFunc(s.pieces, seen, func(p piece, seen int) int { return cmp.Compare(p.seen, seen) })
	if !exact {
		i--
	}
	if i < 0 {
		return seen
	}
	offset := s.pieces[i].text + seen - s.pieces[i].seen
	if i+1 < len(s.pieces) {
		offset = min(offset, s.pieces[i+1].text) // what stands for a mark is longer than it
	}
	return offset
}

var (
	placeholder = regexp.MustCompile(`^\$(\*?)([\pL_][\pL\pN_]*)`)

	// Folders of a path, and its last element up to the first dot. Only what has
	// a slash is one; "os" is for check to find.
	folders = regexp.MustCompile(`^[A-Za-z_][\w.~+-]*/(?:[\w~-][\w.~+-]*/)*`)
	element = regexp.MustCompile(`^[\w~-]+`)
	member  = regexp.MustCompile(`^\.([\pL_][\pL\pN_]*)`)
	version = regexp.MustCompile(`^v[0-9]+$`)
	literal = regexp.MustCompile("^(?:\"(?:[^\"\\\\\\n]|\\\\.)*\"|`[^`]*`|'(?:[^'\\\\\\n]|\\\\.)*')")
)

// parse parses one part of a pattern.
func parse(part, text string) (*source, error) {
	s := &source{part: part, text: text, marks: make(map[*ast.Ident]*mark), holed: make(map[ast.Node]bool), byPlace: make(map[int]*mark)}
	if strings.TrimSpace(text) == "" {
		return nil, s.errorf(0, "write a Go expression, such as os.Exit($code)", "it is empty")
	}
	seen, err := s.lex()
	if err != nil {
		return nil, err
	}
	root, perr := parser.ParseExprFrom(token.NewFileSet(), "", seen, 0)
	if perr != nil {
		return nil, s.syntaxError(seen, perr)
	}
	s.root = ast.Unparen(root)
	ast.PreorderStack(root, nil, func(n ast.Node, parents []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if m := s.byPlace[int(id.Pos())-1]; m != nil {
				s.marks[id] = m
				for _, around := range append(parents, id) {
					s.holed[around] = s.holed[around] || m.path == ""
				}
			}
		}
		return true
	})
	return s, nil
}

// lex returns what the parser is to see.
func (s *source) lex() (string, error) {
	var seen strings.Builder
	put := func(m *mark) {
		s.byPlace[seen.Len()] = m
		s.pieces = append(s.pieces, piece{seen.Len(), m.from})
		m.seen = fmt.Sprint("mark", len(s.byPlace))
		seen.WriteString(m.seen)
		s.pieces = append(s.pieces, piece{seen.Len(), m.to})
	}
	for i := 0; i < len(s.text); {
		rest := s.text[i:]
		if strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") {
			return "", s.errorf(i, "", "a pattern has no comments")
		}
		if rest[0] == '$' {
			found := placeholder.FindStringSubmatch(rest)
			if found == nil {
				return "", s.errorf(i, "write $x for an expression, $*x for any number of arguments, $_ for anything", "$ without the name of a placeholder")
			}
			put(&mark{from: i, to: i + len(found[0]), many: found[1] != "", name: found[2]})
			i += len(found[0])
			continue
		}
		if path, err := s.path(i); err != nil {
			return "", err
		} else if path != "" {
			put(&mark{from: i, to: i + len(path), path: path})
			i += len(path)
			continue
		}
		n := len(rest) - len(strings.TrimLeftFunc(rest, inWord))
		if strings.IndexByte("\"`'", rest[0]) >= 0 {
			n = len(literal.FindString(rest))
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(rest)
		}
		seen.WriteString(rest[:n])
		i += n
	}
	return seen.String(), nil
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// path returns the import path that begins at offset i, if one with a slash does:
// all before the first exported name, since gopkg.in/yaml.v3 and example.com/nats.go
// have dots in their last element; or before the first name.
func (s *source) path(i int) (string, error) {
	rest := s.text[i:]
	if !strings.Contains(rest, "/") {
		return "", nil // most have none, and rules are compiled by each vettool
	}
	prefix := folders.FindString(rest)
	if prefix == "" {
		return "", nil
	}
	path := prefix + element.FindString(rest[len(prefix):])
	first := ""
	for p := path; ; {
		found := member.FindStringSubmatch(rest[len(p):])
		if found == nil {
			break
		}
		r, _ := utf8.DecodeRuneInString(found[1])
		if unicode.IsUpper(r) {
			return p, nil
		}
		if first == "" && !version.MatchString(found[1]) {
			first = p
		}
		p += found[0]
	}
	if first == "" || path == prefix {
		return "", s.errorf(i, "write PATH.NAME, such as net/http.Get; for a division, put spaces around the /",
			"%q is an import path without a symbol of the package", path)
	}
	return first, nil
}

// syntaxError makes an error of the parser's.
func (s *source) syntaxError(seen string, err error) error {
	offset, message := 0, err.Error()
	if list, ok := err.(scanner.ErrorList); ok && len(list) > 0 {
		offset, message = s.toText(list[0].Pos.Offset), list[0].Msg
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package p; func _() {"+seen+"\n}", parser.SkipObjectResolution); err == nil {
		return s.errorf(offset, "write an expression; a call that is a statement is one as well", "a pattern is an expression, not a statement")
	}
	return s.errorf(offset, "write a Go expression, such as os.Exit($code)", "%s", s.restore(message))
}

var stands = regexp.MustCompile(`mark[0-9]+`)

// restore writes in a message of the parser what stands in the source.
func (s *source) restore(message string) string {
	return stands.ReplaceAllStringFunc(message, func(name string) string {
		for _, m := range s.byPlace {
			if m.seen == name {
				return s.text[m.from:m.to]
			}
		}
		return name
	})
}

// hole returns the placeholder that e is, or nil.
func (s *source) hole(e ast.Expr) *mark {
	if id, ok := e.(*ast.Ident); ok {
		if m := s.marks[id]; m != nil && m.path == "" {
			return m
		}
	}
	return nil
}

// symbol returns the symbol of a package that e is.
func (s *source) symbol(e ast.Expr) (path, name string, ok bool) {
	if sel, isSel := e.(*ast.SelectorExpr); isSel {
		if id, isIdent := sel.X.(*ast.Ident); isIdent {
			if m := s.marks[id]; m != nil && m.path != "" {
				return m.path, sel.Sel.Name, true
			}
		}
	}
	return "", "", false
}

// hasHole reports whether there is a placeholder in e.
func (s *source) hasHole(e ast.Node) bool { return s.holed[e] }

// check refuses what no pattern can mean, and finds the packages whose path has
// no slash.
func (s *source) check() error {
	var err error
	fail := func(n ast.Node, hint, format string, args ...any) {
		if err == nil {
			err = s.errorf(s.offset(n.Pos()), hint, format, args...)
		}
	}
	ast.PreorderStack(&ast.ParenExpr{X: s.root}, nil, func(n ast.Node, parents []ast.Node) bool {
		if len(parents) > 0 && err == nil {
			s.checkNode(n, parents, fail)
		}
		return err == nil
	})
	return err
}

type failFunc func(n ast.Node, hint, format string, args ...any)

func (s *source) checkNode(n ast.Node, parents []ast.Node, fail failFunc) {
	parent := parents[len(parents)-1]
	switch n := n.(type) {
	case *ast.Ident:
		if m := s.marks[n]; m != nil {
			s.checkMark(n, m, parent, fail)
		} else {
			s.checkName(n, parent, parents, fail)
		}
	case *ast.FuncLit:
		fail(n, "write a placeholder in its place", "a function literal holds statements")
	case *ast.CallExpr:
		many := 0
		for i, arg := range n.Args {
			if m := s.hole(arg); m != nil && m.many {
				if many++; many > 1 {
					fail(arg, "use $_ or $y for single arguments", "a second $* in a call: which arguments are whose cannot be told")
				}
				if n.Ellipsis.IsValid() && i == len(n.Args)-1 {
					fail(arg, fmt.Sprintf("write $%s... for one argument with dots, $*%s for all with or without", m.name, m.name), "$* with dots")
				}
			}
		}
	case *ast.StructType:
		if n.Fields.NumFields() > 0 {
			fail(n, "name a type", "a struct type with fields")
		}
	case *ast.InterfaceType:
		if n.Methods.NumFields() > 0 {
			fail(n, "name a type", "an interface type with methods")
		}
	case *ast.FuncType:
		if s.hasHole(n) {
			fail(n, "put the placeholder in the place of the whole type", "a placeholder within a function type")
		}
		for _, f := range slices.Concat(fields(n.TypeParams), fields(n.Params), fields(n.Results)) {
			if len(f.Names) > 0 {
				fail(f, "write the types alone, as in func(int) error", "names in a function type")
			}
		}
	case *ast.BasicLit:
		if n.Kind == token.IMAG {
			fail(n, "write a placeholder in its place", "an imaginary literal")
		}
	}
}

func fields(list *ast.FieldList) []*ast.Field {
	if list == nil {
		return nil
	}
	return list.List
}

func (s *source) checkMark(id *ast.Ident, m *mark, parent ast.Node, fail failFunc) {
	sel, inSel := parent.(*ast.SelectorExpr)
	if inSel && sel.Sel == id {
		fail(id, "write the name of the field or method", "a placeholder after a dot")
		return
	}
	if m.path != "" {
		if !inSel { // the lexer saw a dot, so this is "a/b.(T)" or the like
			fail(id, "write PATH.NAME, such as net/http.Get", "%q is an import path without a symbol of the package", m.path)
		}
		return
	}
	if m.many {
		if call, ok := parent.(*ast.CallExpr); !ok || call.Fun == ast.Expr(id) {
			fail(id, "write $"+m.name, "$* stands for arguments, and is only understood among those of a call")
		}
	}
}

// checkName checks a name that is none of the pattern's own.
func (s *source) checkName(id *ast.Ident, parent ast.Node, parents []ast.Node, fail failFunc) {
	switch parent := parent.(type) {
	case *ast.SelectorExpr:
		if parent.Sel == id {
			return
		}
		if types.Universe.Lookup(id.Name) == nil && id.Name != "_" {
			from := s.offset(id.Pos())
			s.marks[id] = &mark{from: from, to: from + len(id.Name), path: id.Name}
			return
		}
	case *ast.KeyValueExpr:
		if parent.Key == ast.Expr(id) && len(parents) > 1 {
			if _, ok := parents[len(parents)-2].(*ast.CompositeLit); ok && types.Universe.Lookup(id.Name) == nil {
				return // a field
			}
		}
	case *ast.Field:
		if slices.Contains(parent.Names, id) {
			return
		}
	}
	if obj := types.Universe.Lookup(id.Name); obj == nil || id.Name == "_" || id.Name == "iota" {
		fail(id, fmt.Sprintf("write $%s for a placeholder, or the symbol of a package by import path, such as net/http.Get", id.Name), "%s means nothing in a pattern", id.Name)
	}
}

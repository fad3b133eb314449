package pattern

import (
	"cmp"
	"go/ast"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Pattern is a compiled pattern. It is not changed after that, and safe for
// concurrent use.
type Pattern struct {
	from, to *source    // to is nil where nothing is to take its place
	symbols  []ast.Expr // of packages, in from
	where    map[string][]condition
	types    []*source // those of where
}

// condition is one of those on a placeholder.
type condition struct {
	kind string // "", "implements", "underlying", "constant"
	typ  *source
}

// Symbol is a symbol of a package that a pattern names.
type Symbol struct {
	Path, Name string
	Part       string // as in [Error]
	Offset     int
}

// Compile compiles a pattern. An empty to means that from has no better form.
// The error is an [*Error].
func Compile(from, to string, where map[string]string) (*Pattern, error) {
	p := &Pattern{where: make(map[string][]condition)}
	var err error
	if p.from, err = parseChecked("from", from); err != nil {
		return nil, err
	}
	if m := p.from.hole(p.from.root); m != nil {
		return nil, p.from.errorf(m.from, "write the expression that is to be found around it", "a placeholder alone is every expression")
	}
	ast.Inspect(p.from.root, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if _, _, ok := p.from.symbol(e); ok {
				p.symbols = append(p.symbols, e)
			}
		}
		return true
	})
	many := make(map[string]bool)
	for _, m := range p.from.holes() {
		if was, ok := many[m.name]; ok && was != m.many && m.name != "_" {
			return nil, p.from.errorf(m.from, "give one of them another name", "$%s and $*%s are two things of one name", m.name, m.name)
		}
		many[m.name] = m.many
	}
	delete(many, "_")
	if to != "" {
		if p.to, err = parseChecked("to", to); err != nil {
			return nil, err
		}
		if err := p.checkTo(many); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(where)) {
		if err := p.compileWhere(name, where[name], many); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func parseChecked(part, text string) (*source, error) {
	s, err := parse(part, text)
	if err != nil {
		return nil, err
	}
	return s, s.check()
}

// holes returns the placeholders of s in order.
func (s *source) holes() (list []*mark) {
	for _, m := range s.marks {
		if m.path == "" {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(x, y *mark) int { return cmp.Compare(x.from, y.from) })
	return list
}

// checkTo refuses placeholders that from does not have. many has those of from.
func (p *Pattern) checkTo(many map[string]bool) error {
	for _, m := range p.to.holes() {
		switch was, ok := many[m.name]; {
		case m.name == "_":
			return p.to.errorf(m.from, "give what is to be kept a name, in from as well", "$_ stands for anything, and nothing in particular")
		case !ok:
			return p.to.errorf(m.from, "write one of those of from: "+names(many), "$%s is not in from", m.name)
		case was && !m.many:
			return p.to.errorf(m.from, "write $*"+m.name, "$%s stands for any number of arguments in from", m.name)
		case !was && m.many:
			return p.to.errorf(m.from, "write $"+m.name, "$%s stands for one expression in from", m.name)
		}
	}
	return nil
}

func names(many map[string]bool) string {
	list := slices.Sorted(maps.Keys(many))
	for i, name := range list {
		star := ""
		if many[name] {
			star = "*"
		}
		list[i] = "$" + star + name
	}
	if len(list) == 0 {
		return "it has none"
	}
	return strings.Join(list, ", ")
}

// compileWhere compiles the conditions on one placeholder.
func (p *Pattern) compileWhere(name, text string, many map[string]bool) error {
	part := &source{part: "where " + name, text: text}
	if _, ok := many[name]; !ok {
		return part.errorf(0, "write one of those of from, without $: "+names(many), "$%s is not in from", name)
	}
	for from, to := range splitConditions(text) {
		word := strings.TrimSpace(text[from:to])
		at := from + strings.Index(text[from:to], word)
		c := condition{}
		switch kind, rest, _ := strings.Cut(word, " "); {
		case word == "constant":
			c.kind = word
		case kind == "implements" || kind == "underlying":
			c.kind = kind
			at += len(word) - len(strings.TrimLeft(rest, " "))
			word = strings.TrimSpace(rest)
		}
		if c.kind != "constant" {
			typ, err := compileType(part, at, word)
			if err != nil {
				return err
			}
			c.typ = typ
			p.types = append(p.types, typ)
		}
		p.where[name] = append(p.where[name], c)
	}
	return nil
}

// compileType compiles the type at an offset of a condition.
func compileType(part *source, at int, text string) (*source, error) {
	typ, err := parseChecked(part.part, text)
	if err == nil {
		err = typ.checkType()
	}
	if err, ok := err.(*Error); ok {
		err.Offset = min(at+err.Offset, len(part.text))
		if err.Hint == "" || strings.Contains(err.Hint, "$") {
			err.Hint = `write a type, such as *net/http.Request, "implements TYPE", "underlying TYPE" or "constant"`
		}
		return nil, err
	}
	typ.at = at // for Symbols
	return typ, nil
}

// checkType refuses what is no type.
func (s *source) checkType() error {
	if holes := s.holes(); len(holes) > 0 {
		return s.errorf(holes[0].from, "", "a placeholder in a condition")
	}
	var err error
	ast.Inspect(s.root, func(n ast.Node) bool {
		ok := true
		switch n := n.(type) {
		case *ast.BinaryExpr, *ast.CallExpr, *ast.UnaryExpr, *ast.CompositeLit, *ast.SliceExpr, *ast.TypeAssertExpr:
			ok = false
		case *ast.BasicLit:
			ok = n != s.root
		case *ast.Ident:
			if s.marks[n] == nil && n == s.root {
				_, ok = types.Universe.Lookup(n.Name).(*types.TypeName)
			}
		}
		if !ok && err == nil {
			err = s.errorf(s.offset(n.Pos()), "", "%q is no type", s.text)
		}
		return err == nil
	})
	return err
}

// splitConditions yields the bounds of conditions, which are separated by commas
// outside of brackets.
func splitConditions(text string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		depth, from := 0, 0
		for i, r := range text {
			switch r {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			case ',':
				if depth == 0 {
					if !yield(from, i) {
						return
					}
					from = i + 1
				}
			}
		}
		yield(from, len(text))
	}
}

// Symbols returns the symbols of packages that the pattern names, in the order of
// from, to and where.
func (p *Pattern) Symbols() (list []Symbol) {
	for _, s := range append([]*source{p.from, p.to}, p.types...) {
		if s == nil {
			continue
		}
		begin := len(list)
		ast.Inspect(s.root, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if path, name, ok := s.symbol(e); ok {
					list = append(list, Symbol{path, name, s.part, s.at + s.offset(e.Pos())})
				}
			}
			return true
		})
		slices.SortStableFunc(list[begin:], func(x, y Symbol) int { return cmp.Compare(x.Offset, y.Offset) })
	}
	return list
}

// Packages returns the paths of the packages of [Pattern.Symbols], each once,
// sorted.
func (p *Pattern) Packages() (paths []string) {
	for _, s := range p.Symbols() {
		paths = append(paths, s.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

package pattern

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// Set is patterns that are looked for together. It is not changed once made, and
// safe for concurrent use.
type Set struct {
	patterns []*Pattern
	keys     [][]key // by pattern
}

// NewSet arranges patterns by what they begin with. Their numbers are those of
// the list, in which a nil is left alone.
func NewSet(patterns []*Pattern) *Set {
	s := &Set{patterns: patterns, keys: make([][]key, len(patterns))}
	for i, p := range patterns {
		if p != nil {
			s.keys[i] = p.from.keys(p.from.root)
		}
	}
	return s
}

// Match is what a pattern matched.
type Match struct {
	Pattern int // its number in the set
	Node    ast.Expr

	// Rewrite is what takes the place of Node, or nil: the pattern has no such
	// thing, or it would not compile there, or be evaluated in another way, or
	// lose a comment, or lies within another match that is to be rewritten.
	Rewrite *Rewrite
}

// Env is what a [Set] needs to know of the package that it looks at.
type Env struct {
	Pass *analysis.Pass // with the result of inspect.Analyzer

	Active []bool // the patterns that are looked for; nil means all

	// In says whether a pattern is looked for in a file. It is asked of what was
	// found; nil means always.
	In func(pattern int, file *ast.File) bool

	// Package returns a package that this one is or imports, however indirectly,
	// or nil; nil means to look for it.
	Package func(path string) *types.Package
}

// Find returns all matches, in the order of the source. Of matches of one pattern
// that lie within each other the outermost counts: what it is rewritten to decides
// what becomes of the others.
func (s *Set) Find(env Env) (matches []Match) {
	if env.Package == nil {
		env.Package = func(path string) *types.Package { return code.Dependency(env.Pass.Pkg, path) }
	}
	x := s.index(env)
	if len(x.byKey) == 0 {
		return nil
	}
	m := &matcher{env: env, info: env.Pass.TypesInfo, types: make(map[ast.Expr]types.Type)}
	last := make(map[int]ast.Node) // match by pattern
	var rewritten ast.Node         // the outermost, which has a rewrite
	in := env.Pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for cur := range in.Root().Preorder(x.nodes...) {
		e := cur.Node().(ast.Expr)
		for _, k := range m.keys(e) {
			for _, i := range x.byKey[k] {
				if n := last[i]; n != nil && within(e, n) || !m.match(s.patterns[i], e) {
					continue
				}
				file := fileOf(cur)
				if env.In != nil && !env.In(i, file) {
					continue
				}
				last[i] = e
				match := Match{Pattern: i, Node: e}
				if rewritten == nil || !within(e, rewritten) {
					if match.Rewrite = m.rewrite(cur, file); match.Rewrite != nil {
						rewritten = e
					}
				}
				matches = append(matches, match)
			}
		}
	}
	return matches
}

// index finds patterns in one package.
type index struct {
	byKey map[key][]int
	nodes []ast.Node // the types of nodes that can be matches
}

// index returns the patterns that are active and can match something: the package
// knows all symbols that they name. Few rules are about any one package.
func (s *Set) index(env Env) *index {
	x := &index{byKey: make(map[key][]int)}
	nodes := make(map[reflect.Type]ast.Node)
	add := func(list ...ast.Node) {
		for _, n := range list {
			nodes[reflect.TypeOf(n)] = n
		}
	}
	for i, keys := range s.keys {
		if len(keys) == 0 || env.Active != nil && !env.Active[i] {
			continue
		}
		objects, ok := s.patterns[i].objects(env)
		if !ok {
			continue
		}
		for _, k := range keys {
			if s.patterns[i].excludes(k, objects) {
				continue
			}
			x.byKey[k] = append(x.byKey[k], i)
			add(k.nodes()...)
			if k.kind == name && slices.ContainsFunc(slices.Collect(maps.Values(objects)), func(obj types.Object) bool { return inScope(env.Pass, obj) }) {
				add((*ast.Ident)(nil))
			}
		}
	}
	x.nodes = slices.Collect(maps.Values(nodes))
	return x
}

// excludes reports whether nothing that the pattern matches has the key, where it is
// known whether symbols are types.
func (p *Pattern) excludes(k key, objects map[ast.Expr]types.Object) bool {
	root := p.from.root
	if call, ok := root.(*ast.CallExpr); ok {
		root = ast.Unparen(call.Fun)
	}
	obj := objects[root]
	if obj == nil {
		return false
	}
	_, isType := obj.(*types.TypeName)
	return isType != (k.kind == typ || k.kind == conversion)
}

// objects returns what the symbols of the pattern are in a package; ok is false if
// it knows one of them not, and so cannot name it.
func (p *Pattern) objects(env Env) (objects map[ast.Expr]types.Object, ok bool) {
	for _, e := range p.symbols {
		path, name, _ := p.from.symbol(e)
		pkg := env.Package(path)
		if pkg == nil {
			return nil, false
		}
		obj := pkg.Scope().Lookup(name)
		if obj == nil {
			return nil, false
		}
		if objects == nil {
			objects = make(map[ast.Expr]types.Object)
		}
		objects[e] = obj
	}
	return objects, true
}

// inScope reports whether some file can name obj without a package in front.
func inScope(pass *analysis.Pass, obj types.Object) bool {
	return obj.Pkg() == pass.Pkg || slices.ContainsFunc(pass.Files, func(file *ast.File) bool {
		return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
			return spec.Name != nil && spec.Name.Name == "." && spec.Path.Value == strconv.Quote(code.Path(obj.Pkg()))
		})
	})
}

func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

func fileOf(cur inspector.Cursor) *ast.File {
	for c := range cur.Enclosing((*ast.File)(nil)) {
		return c.Node().(*ast.File)
	}
	return nil
}

// A key is what can be told of an expression at a glance. Patterns are found by
// it, so that their number hardly matters: what few share is the name of a function
// that is called. For unary and binary expressions it is that of an operand: the
// left one, or where that can be anything the right one.
type key struct {
	kind    kind
	op      token.Token // of a binary or unary expression
	operand kind        // 0 if it can be anything
	name    string
	right   bool // it is the right operand
}

type kind int8

const (
	anything   kind = iota
	call            // of name
	callAny         // of something without a name
	conversion      // to any type
	name            // of something at package level
	selection       // of name in a value
	typ             // of any form
	indexing
	slice
	star
	assertion
	literalOf // composite
	basic
	unary
	binary
)

// nodes returns the types of nodes that may have the key.
func (k key) nodes() []ast.Node {
	switch k.kind {
	case call, callAny, conversion:
		return []ast.Node{(*ast.CallExpr)(nil)}
	case name:
		if types.Universe.Lookup(k.name) != nil {
			return []ast.Node{(*ast.Ident)(nil)}
		}
		return []ast.Node{(*ast.SelectorExpr)(nil)} // see inScope for others
	case selection:
		return []ast.Node{(*ast.SelectorExpr)(nil)}
	case typ:
		return []ast.Node{(*ast.SelectorExpr)(nil), (*ast.Ident)(nil), (*ast.ArrayType)(nil), (*ast.MapType)(nil), (*ast.ChanType)(nil),
			(*ast.StarExpr)(nil), (*ast.FuncType)(nil), (*ast.StructType)(nil), (*ast.InterfaceType)(nil), (*ast.IndexExpr)(nil), (*ast.IndexListExpr)(nil)}
	case indexing:
		return []ast.Node{(*ast.IndexExpr)(nil), (*ast.IndexListExpr)(nil)}
	case slice:
		return []ast.Node{(*ast.SliceExpr)(nil)}
	case star:
		return []ast.Node{(*ast.StarExpr)(nil)}
	case assertion:
		return []ast.Node{(*ast.TypeAssertExpr)(nil)}
	case literalOf:
		return []ast.Node{(*ast.CompositeLit)(nil)}
	case basic:
		return []ast.Node{(*ast.BasicLit)(nil)}
	case unary:
		return []ast.Node{(*ast.UnaryExpr)(nil)}
	case binary:
		return []ast.Node{(*ast.BinaryExpr)(nil)}
	}
	return nil
}

// keys returns those of everything that the pattern e can match.
func (s *source) keys(e ast.Expr) []key {
	e = ast.Unparen(e)
	if s.hole(e) != nil {
		return []key{{}}
	}
	if _, n, ok := s.symbol(e); ok {
		return []key{{kind: name, name: n}, {kind: typ}} // which of them only a package can tell
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		switch x := code.Callee(e).(type) {
		case *ast.Ident:
			if s.hole(x) != nil {
				break
			}
			if _, ok := types.Universe.Lookup(x.Name).(*types.TypeName); ok {
				return []key{{kind: conversion}}
			}
			return []key{{kind: call, name: x.Name}}
		case *ast.SelectorExpr:
			if _, _, ok := s.symbol(x); ok {
				return []key{{kind: call, name: x.Sel.Name}, {kind: conversion}}
			}
			return []key{{kind: call, name: x.Sel.Name}}
		default:
			return []key{{kind: conversion}, {kind: callAny}}
		}
		return []key{{kind: callAny}}
	case *ast.BinaryExpr:
		left := s.keys(e.X)
		if right := s.keys(e.Y); left[0].kind == anything && right[0].kind != anything {
			return operand(binary, e.Op, true, right)
		}
		return operand(binary, e.Op, false, left)
	case *ast.UnaryExpr:
		return operand(unary, e.Op, false, s.keys(e.X))
	case *ast.Ident:
		if _, ok := types.Universe.Lookup(e.Name).(*types.TypeName); ok {
			return []key{{kind: typ}}
		}
		return []key{{kind: name, name: e.Name}}
	case *ast.SelectorExpr:
		return []key{{kind: selection, name: e.Sel.Name}}
	case *ast.IndexExpr, *ast.IndexListExpr:
		return []key{{kind: indexing}, {kind: typ}}
	case *ast.StarExpr:
		return []key{{kind: star}, {kind: typ}}
	}
	return []key{{kind: shape(e)}}
}

// operand returns the keys of a unary or binary expression from those of an
// operand.
func operand(k kind, op token.Token, right bool, of []key) (keys []key) {
	for _, f := range of {
		f = key{k, op, f.kind, f.name, right && f.kind != anything}
		if f.operand == binary || f.operand == unary {
			f.name = ""
		}
		keys = append(keys, f)
	}
	return keys
}

// shape returns the kind of expressions that have but one.
func shape(e ast.Expr) kind {
	switch e.(type) {
	case *ast.SliceExpr:
		return slice
	case *ast.TypeAssertExpr:
		return assertion
	case *ast.CompositeLit:
		return literalOf
	case *ast.BasicLit:
		return basic
	case *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType, *ast.StructType, *ast.InterfaceType:
		return typ
	}
	return anything
}

// keys returns those by which patterns are to be looked up for e, until it is
// called again.
func (m *matcher) keys(e ast.Expr) []key {
	keys := m.buffer[:0]
	switch e := e.(type) {
	case *ast.BinaryExpr:
		keys = append(keys, key{kind: binary, op: e.Op})
		keys = m.operand(keys, key{kind: binary, op: e.Op}, e.X)
		keys = m.operand(keys, key{kind: binary, op: e.Op, right: true}, e.Y)
	case *ast.UnaryExpr:
		keys = append(keys, key{kind: unary, op: e.Op})
		keys = m.operand(keys, key{kind: unary, op: e.Op}, e.X)
	case *ast.CallExpr:
		if keys = append(keys, m.key(e)); keys[0].kind != callAny {
			keys = append(keys, key{kind: callAny})
		}
	case *ast.IndexExpr, *ast.IndexListExpr:
		if keys = append(keys, m.key(e)); keys[0].kind != indexing {
			keys = append(keys, key{kind: indexing})
		}
	default:
		keys = append(keys, m.key(e))
	}
	m.buffer = keys
	return keys
}

// operand adds the keys of an expression with x for an operand, with the conversions
// around x and without those that do nothing.
func (m *matcher) operand(keys []key, k key, x ast.Expr) []key {
	for x != nil {
		x = ast.Unparen(x)
		of := m.key(x)
		k.operand, k.name = of.kind, of.name
		keys = append(keys, k)
		x = m.unconverted(x)
	}
	return keys
}

// key returns that of e.
func (m *matcher) key(e ast.Expr) key {
	e = ast.Unparen(e)
	if m.info.Types[e].IsType() {
		return key{kind: typ}
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		if m.info.Types[e.Fun].IsType() {
			return key{kind: conversion}
		}
		switch fun := m.uninstantiated(ast.Unparen(e.Fun)).(type) {
		case *ast.Ident:
			return key{kind: call, name: fun.Name}
		case *ast.SelectorExpr:
			return key{kind: call, name: fun.Sel.Name}
		}
		return key{kind: callAny}
	case *ast.BinaryExpr:
		return key{kind: binary}
	case *ast.UnaryExpr:
		return key{kind: unary}
	case *ast.Ident:
		return key{kind: name, name: e.Name}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			if _, ok := m.info.Uses[x].(*types.PkgName); ok {
				return key{kind: name, name: e.Sel.Name}
			}
		}
		return key{kind: selection, name: e.Sel.Name}
	case *ast.IndexExpr, *ast.IndexListExpr:
		if f, ok := m.uninstantiated(e).(*ast.IndexExpr); ok && ast.Expr(f) == e {
			return key{kind: indexing}
		}
		return m.key(m.uninstantiated(e))
	case *ast.StarExpr:
		return key{kind: star}
	}
	return key{kind: shape(e)}
}

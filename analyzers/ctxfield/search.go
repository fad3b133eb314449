package ctxfield

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// search looks for a context in a type as an encoder sees it.
type search struct {
	codec  *codec
	decode bool
	seen   map[types.Type]bool
	steps  []step // from the root to the context
}

// A step is one field on the way to the context, and what follows its name.
type step struct {
	field *types.Var
	index string // "[]" if the way goes on through elements
}

// path returns the way to the context as ".Jobs[].Ctx".
func (s *search) path() string {
	var b strings.Builder
	for _, step := range s.steps {
		b.WriteString("." + step.field.Name() + step.index)
	}
	return b.String()
}

// field returns the field with the context.
func (s *search) field() *types.Var { return s.steps[len(s.steps)-1].field }

// maxDepth levels are more than anybody reads, and keep a generic type that
// contains ever larger instances of itself from going on for ever.
const maxDepth = 16

// find reports whether typ holds a context below one of its fields.
func (s *search) find(typ types.Type) bool {
	if typ == nil || len(s.steps) > maxDepth || s.seen[typ] || s.handled(typ) {
		return false
	}
	s.seen[typ] = true
	switch t := typ.Underlying().(type) {
	case *types.Pointer:
		return s.find(t.Elem())
	case *types.Slice:
		return s.elements(t.Elem())
	case *types.Array:
		return s.elements(t.Elem())
	case *types.Map:
		return s.elements(t.Elem())
	case *types.Struct:
		return slices.ContainsFunc(s.ways(t), s.enter)
	}
	return false
}

// enter looks at the field at the end of w.
func (s *search) enter(w way) bool {
	before := len(s.steps)
	for _, field := range w.fields {
		s.steps = append(s.steps, step{field: field})
	}
	if typ := w.last().Type(); isContext(typ) || s.find(typ) {
		return true
	}
	s.steps = s.steps[:before]
	return false
}

// elements looks at the elements of the last field.
func (s *search) elements(typ types.Type) bool {
	if len(s.steps) == 0 {
		return s.find(typ)
	}
	last := len(s.steps) - 1
	s.steps[last].index += "[]"
	if isContext(typ) || s.find(typ) {
		return true
	}
	s.steps[last].index = strings.TrimSuffix(s.steps[last].index, "[]")
	return false
}

// visible reports whether the encoder looks at field i of t.
func (s *search) visible(t *types.Struct, i int) bool {
	if s.codec.tag != "" {
		if name, _, _ := strings.Cut(reflect.StructTag(t.Tag(i)).Get(s.codec.tag), ","); name == "-" {
			return false
		}
	}
	field := t.Field(i)
	if field.Exported() {
		return true
	}
	if !field.Embedded() || s.codec.unexported {
		return false
	}
	typ := field.Type().Underlying()
	if ptr, ok := typ.(*types.Pointer); ok {
		typ = ptr.Elem().Underlying()
	}
	_, ok := typ.(*types.Struct)
	return ok // its exported fields are promoted
}

// handled reports whether typ has a method by which it does the work itself.
// One of a pointer counts as well, although not every value gives the encoder
// its address.
func (s *search) handled(typ types.Type) bool {
	methods := s.codec.marshalers
	if s.decode {
		methods = s.codec.unmarshalers
	}
	if _, ok := typ.Underlying().(*types.Pointer); !ok && !types.IsInterface(typ) {
		typ = types.NewPointer(typ)
	}
	set := types.NewMethodSet(typ)
	return slices.ContainsFunc(methods, func(name string) bool { return set.Lookup(nil, name) != nil })
}

// isContext reports whether typ is context.Context or an interface that embeds
// it.
func isContext(typ types.Type) bool {
	iface, ok := typ.Underlying().(*types.Interface)
	if _, param := types.Unalias(typ).(*types.TypeParam); !ok || param {
		return false
	}
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		if obj := named.Obj(); obj.Name() == "Context" && obj.Pkg() != nil && obj.Pkg().Path() == "context" {
			return true
		}
	}
	// Its methods tell as well as what it embeds, and need no care for cycles.
	done, _, _ := types.LookupFieldOrMethod(iface, false, nil, "Done")
	return done != nil && done.Pkg() != nil && done.Pkg().Path() == "context"
}

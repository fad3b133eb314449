package ctxfield

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// A way leads to a field, by the embedded structs from which it is promoted.
type way struct {
	fields []*types.Var
	index  []int  // of the fields, each in its struct
	name   string // of the last field in the encoding
	tagged bool   // the name is that of a tag
	shared bool   // another way as short leads to the same field
}

// ways returns the ways to the fields that the encoder looks at in t, in the
// order of the source. For encoders that promote the fields of embedded structs,
// one hides those of the same name that lie deeper, whatever their types.
func (s *search) ways(t *types.Struct) (ways []way) {
	taken := make(map[string]bool)
	seen := make(map[types.Type]bool)
	found, next := s.step(t, way{})
	for depth := 0; len(found) > 0 || len(next) > 0; depth++ {
		for i, w := range found {
			if !taken[w.name] && (s.codec != jsonCodec || dominant(w, i, found)) {
				ways = append(ways, w)
			}
		}
		for _, w := range found {
			taken[w.name] = true
		}
		current := next
		found, next = nil, nil
		if depth == maxDepth {
			break
		}
		times := make(map[types.Type]int)
		for _, w := range current {
			times[embedded(w.last())]++
		}
		for _, w := range current {
			typ := embedded(w.last())
			if seen[typ] {
				continue
			}
			seen[typ] = true
			w.shared = times[typ] > 1
			f, n := s.step(typ.Underlying().(*types.Struct), w)
			found, next = append(found, f...), append(next, n...)
		}
	}
	slices.SortFunc(ways, func(a, b way) int { return slices.Compare(a.index, b.index) })
	return ways
}

func (w way) last() *types.Var { return w.fields[len(w.fields)-1] }

// step splits the visible fields of t, to which w leads, into those that are
// found there and the structs that are embedded.
func (s *search) step(t *types.Struct, w way) (found, next []way) {
	for i := range t.NumFields() {
		if !s.visible(t, i) {
			continue
		}
		to := way{
			fields: append(slices.Clone(w.fields), t.Field(i)),
			index:  append(slices.Clone(w.index), i),
			shared: w.shared,
		}
		to.name, to.tagged = s.codec.fieldName(t, i)
		if s.codec.promotes && embedded(t.Field(i)) != nil && (!to.tagged || s.codec != jsonCodec) {
			next = append(next, to)
		} else {
			found = append(found, to)
		}
	}
	return found, next
}

// dominant reports whether encoding/json prefers ways[i], which is w, to the
// others of the same depth and name: there are none, or it alone is tagged.
// Otherwise it drops all of them. encoding/xml refuses the struct.
func dominant(w way, i int, ways []way) bool {
	if w.shared {
		return false
	}
	for j, other := range ways {
		if j != i && other.name == w.name && (other.tagged || !w.tagged) {
			return false
		}
	}
	return true
}

// embedded returns the struct type that field embeds, or nil.
func embedded(field *types.Var) types.Type {
	if !field.Embedded() {
		return nil
	}
	typ := types.Unalias(field.Type())
	if ptr, ok := typ.Underlying().(*types.Pointer); ok {
		typ = types.Unalias(ptr.Elem())
	}
	if _, ok := typ.Underlying().(*types.Struct); !ok {
		return nil
	}
	return typ
}

// fieldName returns what tells field i of t from others in the encoding, and
// whether a tag names it.
func (c *codec) fieldName(t *types.Struct, i int) (name string, tagged bool) {
	if c.tag != "" {
		name = reflect.StructTag(t.Tag(i)).Get(c.tag)
	}
	name, options, _ := strings.Cut(name, ",")
	if tagged = name != ""; !tagged {
		name = t.Field(i).Name()
	}
	if c == xmlCodec {
		name += "," + strings.TrimSuffix(options, "omitempty") // an attribute is no element
	}
	return name, tagged
}

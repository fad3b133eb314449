package fix

import (
	"slices"

	"github.com/gohearth/hearth/internal/vet"
)

// merged is a list of edits of one file, in order, that do not overlap.
type merged []owned

// owned is an edit and the first fix that wants it.
type owned struct {
	vet.Edit
	by *fix
}

// region is a part of a file.
type region struct{ start, end int }

func (r region) holds(e vet.Edit) bool { return r.start <= e.Start && e.End <= r.end }

// conflict returns a fix that e, an edit of another one, cannot be applied with.
//
// The same edit twice is no conflict, as two fixes may each remove the
// declaration that neither needs, unless it is an insertion: of two closing
// parentheses each has its opening one. Two insertions at one place conflict as
// well, since nobody knows which goes first. Among imports neither matters.
func (m merged) conflict(e vet.Edit, imports region) *fix {
	i, _ := slices.BinarySearchFunc(m, e, func(o owned, e vet.Edit) int { return o.End - e.Start })
	for ; i < len(m) && m[i].Start <= e.End; i++ {
		o := m[i]
		insertions := o.Start == o.End && e.Start == e.End
		switch {
		case insertions && o.Start == e.Start:
			if !imports.holds(e) {
				return o.by
			}
		case o.Edit == e:
		case o.Start < e.End && e.Start < o.End:
			return o.by
		}
	}
	return nil
}

// insert adds an edit without a conflict, unless another fix has added it.
func (m *merged) insert(e vet.Edit, by *fix) {
	i, _ := slices.BinarySearchFunc(*m, e, func(o owned, e vet.Edit) int { return compareEdits(o.Edit, e) })
	for ; i < len(*m) && compareEdits((*m)[i].Edit, e) == 0; i++ {
		if (*m)[i].Edit == e && (*m)[i].by != by {
			return
		}
	}
	*m = slices.Insert(*m, i, owned{e, by})
}

// apply returns old with all edits made.
func (m merged) apply(old []byte) []byte {
	var out []byte
	at := 0
	for _, e := range m {
		out = append(append(out, old[at:e.Start]...), e.New...)
		at = e.End
	}
	return append(out, old[at:]...)
}

package fix

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gohearth/hearth/internal/vet"
)

func TestConflict(t *testing.T) {
	imports := region{0, 5}
	for _, tt := range []struct {
		name         string
		first, later vet.Edit
		conflict     bool
	}{
		{"apart", vet.Edit{Start: 6, End: 7}, vet.Edit{Start: 8, End: 9}, false},
		{"apart, the other way", vet.Edit{Start: 8, End: 9}, vet.Edit{Start: 6, End: 7}, false},
		{"touching", vet.Edit{Start: 6, End: 8}, vet.Edit{Start: 8, End: 9}, false},
		{"overlapping", vet.Edit{Start: 6, End: 8}, vet.Edit{Start: 7, End: 9}, true},
		{"within", vet.Edit{Start: 6, End: 9}, vet.Edit{Start: 7, End: 8}, true},
		{"around", vet.Edit{Start: 7, End: 8}, vet.Edit{Start: 6, End: 9}, true},
		{"the same", vet.Edit{Start: 6, End: 8, New: "x"}, vet.Edit{Start: 6, End: 8, New: "x"}, false},
		{"the same place", vet.Edit{Start: 6, End: 8, New: "x"}, vet.Edit{Start: 6, End: 8, New: "y"}, true},
		{"insertion before", vet.Edit{Start: 6, End: 8}, vet.Edit{Start: 6, End: 6, New: "x"}, false},
		{"insertion after", vet.Edit{Start: 6, End: 8}, vet.Edit{Start: 8, End: 8, New: "x"}, false},
		{"insertion within", vet.Edit{Start: 6, End: 8}, vet.Edit{Start: 7, End: 7, New: "x"}, true},
		{"insertion twice", vet.Edit{Start: 7, End: 7, New: ")"}, vet.Edit{Start: 7, End: 7, New: ")"}, true},
		{"insertions at one place", vet.Edit{Start: 7, End: 7, New: "x"}, vet.Edit{Start: 7, End: 7, New: "y"}, true},
		{"import twice", vet.Edit{Start: 3, End: 3, New: "a"}, vet.Edit{Start: 3, End: 3, New: "a"}, false},
		{"two imports", vet.Edit{Start: 3, End: 3, New: "a"}, vet.Edit{Start: 3, End: 3, New: "b"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m merged
			m.insert(tt.first, new(fix))
			if got := m.conflict(tt.later, imports) != nil; got != tt.conflict {
				t.Errorf("conflict is %t, want %t", got, tt.conflict)
			}
		})
	}
}

func TestInsert(t *testing.T) {
	var m merged
	a, b := new(fix), new(fix)
	for _, e := range []vet.Edit{{Start: 1, End: 1, New: "("}, {Start: 4, End: 4, New: ")"}, {Start: 4, End: 4, New: ")"}} {
		m.insert(e, a)
	}
	m.insert(vet.Edit{Start: 0, End: 0, New: "i"}, a)
	m.insert(vet.Edit{Start: 0, End: 0, New: "i"}, b) // it is there
	m.insert(vet.Edit{Start: 2, End: 3, New: ""}, b)
	if got := string(m.apply([]byte("wxyz"))); got != "iw(xz))" {
		t.Errorf("got %q", got)
	}
}

// FuzzMerge merges edits as a plan does, and compares the outcome with one
// that is made byte by byte.
func FuzzMerge(f *testing.F) {
	f.Add([]byte{0, 1, 2, 2, 0, 3, 9, 9})
	f.Add([]byte{5, 0, 5, 0, 5, 3, 4, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		const size = 20
		old := []byte("abcdefghijklmnopqrst")
		imports := region{0, 4}
		var m merged
		before, gone := make([]string, size+1), make([]bool, size)
		var taken []vet.Edit
		for i := 0; i+1 < len(data) && i < 40; i += 2 {
			e := vet.Edit{Start: int(data[i]) % (size + 1), New: fmt.Sprint(i)}
			e.End = min(size, e.Start+int(data[i+1])%4)
			if m.conflict(e, imports) != nil {
				if !slices.ContainsFunc(taken, func(o vet.Edit) bool { return o.Start <= e.End && e.Start <= o.End }) {
					t.Fatalf("%v conflicts with none of %v", e, taken)
				}
				continue
			}
			m.insert(e, new(fix))
			taken = append(taken, e)
			if e.Start == e.End {
				before[e.Start] += e.New
				continue
			}
			for b := e.Start; b < e.End; b++ {
				if gone[b] {
					t.Fatalf("%v overlaps one of %v", e, taken)
				}
				gone[b] = true
			}
		}
		for _, e := range taken {
			if e.Start < e.End {
				before[e.Start] += e.New // after what is inserted there
			}
		}
		var want []byte
		for b := range size + 1 {
			want = append(want, before[b]...)
			if b < size && !gone[b] {
				want = append(want, old[b])
			}
		}
		if got := m.apply(old); string(got) != string(want) {
			t.Errorf("%v: got %q, want %q", taken, got, want)
		}
	})
}

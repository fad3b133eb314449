package types

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"names/lib"
)

type outer struct{ bytes.Buffer }

func receivers(p *bytes.Buffer, b bytes.Buffer, s strings.Builder, o outer, bs []bytes.Buffer) {
	_ = p.String() // want `^0$`
	_ = b.String() // want `^0$`
	_ = s.String()
	_ = o.String()
	_ = bs[0].String() // want `^0$`
	_ = p.Len()        // want `^5$`
	_ = b.Len()        // want `^5$`
	_ = s.Len()
	_ = (*bytes.Buffer).Len(p) // want `^5$`
}

type name string

const constant name = "x"

func conditions(n name, f func(x int, rest ...string) error, g func(int, []string) error, p *atomic.Pointer[int]) {
	lib.Take(errors.New("x")) // want `^1-$`
	lib.Take(n)
	lib.Take(constant)         // want `^2-$`
	lib.Take("x")              // want `^2-$`
	lib.Take(map[string]any{}) // want `^3-$`
	lib.Take(map[string]int{})
	lib.Take(f) // want `^4-$`
	lib.Take(g)
	lib.Take(p) // want `^6-$`
	lib.Take(nil)
}

func clone[T any](s []T, names []name) {
	_ = append([]T(nil), s...)         // want `^7$`
	_ = append([]name(nil), names...)  // want `^7$`
	_ = append([]string(nil), "x", "") // other arguments
}

func same(t, u, v time.Time, list []time.Time, next func() time.Time) {
	_ = t.Before(u) || t.Equal(u) // want `^8$`
	_ = t.Before(u) || t.Equal(v)
	_ = t.Before(u) || u.Equal(t)
	_ = list[0].Before(u) || (list)[0].Equal((u)) // want `^8$`
	_ = list[0].Before(u) || list[1].Equal(u)
	_ = next().Before(u) || next().Equal(u) // not the same
}

func alias() {
	_ = fs.FileMode(0) // want `^9-$`
	_ = os.FileMode(0) // want `^9-$`
}

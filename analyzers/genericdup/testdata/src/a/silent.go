package a

import (
	"container/heap"
	"fmt"
	"io"
	"math"
	"strconv"
)

// silent: a type parameter has no fields.

func userNames(all []user) (names []string) {
	for _, x := range all {
		if x.name != "" {
			names = append(names, x.name)
		}
	}
	return names
}

func orderNames(all []order) (names []string) {
	for _, x := range all {
		if x.name != "" {
			names = append(names, x.name)
		}
	}
	return names
}

// silent: they call different functions as well.

func formatInt(v int64) string {
	if v == 0 {
		return "none"
	}
	s := strconv.FormatInt(v, 10)
	return "<" + s + ">"
}

func formatUint(v uint64) string {
	if v == 0 {
		return "none"
	}
	s := strconv.FormatUint(v, 10)
	return "<" + s + ">"
}

// silent: another constant.

func clampInt8(v int) (int8, bool) {
	if v > math.MaxInt8 {
		return math.MaxInt8, false
	}
	x := int8(v)
	return x, true
}

func clampInt16(v int) (int16, bool) {
	if v > math.MaxInt16 {
		return math.MaxInt16, false
	}
	x := int16(v)
	return x, true
}

// silent: two types differ.

func invertInt(m map[int]bool) map[bool]int {
	out := make(map[bool]int)
	for k, v := range m {
		out[v] = k
	}
	return out
}

func invertRune(m map[rune]string) map[string]rune {
	out := make(map[string]rune)
	for k, v := range m {
		out[v] = k
	}
	return out
}

// silent: nothing differs, which is for a finder of clones to say.

func sumA(xs []int) (n int) {
	for _, x := range xs {
		if x > 0 {
			n += x
		}
	}
	return n
}

func sumB(xs []int) (n int) {
	for _, x := range xs {
		if x > 0 {
			n += x
		}
	}
	return n
}

// silent: another literal.

func scale(v uint16) uint16 {
	if v == 0 {
		return 1
	}
	v *= 1000
	return v
}

func scaleMore(v uint32) uint32 {
	if v == 0 {
		return 1
	}
	v *= 1001
	return v
}

// silent: the variables change places.

func minusInt(a, b int32) int32 {
	if a < b {
		a, b = b, a
	}
	b++
	return a - b
}

func minusUint(a, b uint32) uint32 {
	if a < b {
		a, b = b, a
	}
	b++
	return b - a
}

// silent: each type needs its methods, here for heap.Interface.

type minHeap []int
type maxHeap []int

func (h minHeap) Len() int           { return len(h) }
func (h minHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h minHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *minHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *minHeap) Pop() any {
	old := *h
	n := len(old)
	x := old[n-1]
	*h = old[:n-1]
	return x
}

func (h maxHeap) Len() int           { return len(h) }
func (h maxHeap) Less(i, j int) bool { return h[i] > h[j] }
func (h maxHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *maxHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *maxHeap) Pop() any {
	old := *h
	n := len(old)
	x := old[n-1]
	*h = old[:n-1]
	return x
}

var _, _ heap.Interface = (*minHeap)(nil), (*maxHeap)(nil)

// silent: too small to be worth a name.

func orInt(x, y int) int {
	if x != 0 {
		return x
	}
	return y
}

func orString(x, y uint) uint {
	if x != 0 {
		return x
	}
	return y
}

// silent: the methods differ.

type meter int
type litre int

func (m meter) Add(n int) meter { return m + meter(n) }
func (l litre) Add(n int) litre { return l + litre(n) }

func addMeters(all []meter) (sum meter) {
	for i, x := range all {
		if i > 0 {
			sum = x.Add(i)
		}
	}
	return sum
}

func addLitres(all []litre) (sum litre) {
	for i, x := range all {
		if i > 0 {
			sum = x.Add(i)
		}
	}
	return sum
}

// silent: the linker knows them.

//go:noinline
func swapInt(xs []int) {
	for i := range xs {
		j := len(xs) - 1 - i
		xs[i], xs[j] = xs[j], xs[i]
		xs[i]++
	}
}

//go:noinline
func swapUint(xs []uint) {
	for i := range xs {
		j := len(xs) - 1 - i
		xs[i], xs[j] = xs[j], xs[i]
		xs[i]++
	}
}

// silent: slices of other ends.

func tailInt(xs []int, n int) []int {
	if n > len(xs) {
		return nil
	}
	xs = xs[n:]
	return xs
}

func tailUint(xs []uint, n int) []uint {
	if n > len(xs) {
		return nil
	}
	xs = xs[:n]
	return xs
}

// silent: generic already.

func lastOf[T any](xs []T) (x T) {
	if n := len(xs); n > 0 {
		x = xs[n-1]
	}
	return x
}

func lastKey[K comparable](xs []K) (x K) {
	if n := len(xs); n > 0 {
		x = xs[n-1]
	}
	return x
}

// silent: io.Writer asks for the one, io.StringWriter for the other.

type buffer struct {
	data  []byte
	dirty bool
}

func (b *buffer) Write(p []byte) (int, error) {
	if b.dirty = true; len(p) == 0 {
		return 0, nil
	}
	b.data = append(b.data, p...)
	return len(p), nil
}

func (b *buffer) WriteString(s string) (int, error) {
	if b.dirty = true; len(s) == 0 {
		return 0, nil
	}
	b.data = append(b.data, s...)
	return len(s), nil
}

var _ io.StringWriter = (*buffer)(nil)

// silent: no call could infer the type.

func parenUser(x fmt.Stringer) string {
	s := x.String()
	if _, ok := x.(interface{ User() user }); ok {
		s = "(" + s + ")"
	}
	return s
}

func parenOrder(x fmt.Stringer) string {
	s := x.String()
	if _, ok := x.(interface{ Order() order }); ok {
		s = "(" + s + ")"
	}
	return s
}

func anyUser(x any) (n int) {
	if _, ok := x.(user); ok {
		n++
	}
	return n
}

func anyOrder(x any) (n int) {
	if _, ok := x.(order); ok {
		n++
	}
	return n
}

// silent: the author thought them small.

func lenInt(x uint64) int { v := int(x); v++; v--; return v }

func lenUint(x uint64) uint { v := uint(x); v++; v--; return v }

// silent: each declares a type of its own.

func localInt(xs []int) (out []any) {
	type pair struct{ a, b int }
	for i, x := range xs {
		out = append(out, pair{i, x})
	}
	return out
}

func localUint(xs []int) (out []any) {
	type pair struct{ a, b int }
	for i, x := range xs {
		out = append(out, pair{i, x})
	}
	return out
}

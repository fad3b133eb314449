// Package a has functions that are equal but for one type, and such that only
// look like it.
package a

import (
	"errors"
	"fmt"
	str "fmt"
	"sort"
)

var errEmpty = errors.New("empty")

// Operators: a union of the types has them. Local names do not count.

func maxInt32(xs []int32) (int32, error) { // want `^maxInt32 and largestUint \(line 29\) differ in one type only: let them share a generic function \[T int32 \| uint\]$`
	if len(xs) == 0 {
		return 0, errEmpty
	}
	best := xs[0]
	for _, x := range xs[1:] {
		if x > best {
			best = x
		}
	}
	return best, nil
}

func largestUint(list []uint) (uint, error) {
	if len(list) == 0 {
		return 0, errEmpty
	}
	top := list[0]
	for _, v := range list[1:] {
		if v > top {
			top = v
		}
	}
	return top, nil
}

// Three twins, one of them in another file.

func keysOfInt(m map[int]bool) []int { // want `keysOfInt, keysOfString \(line 55\) and keysOfFloat \(b.go:5\) differ .* \[T int \| string \| float64\]`
	var keys []int
	for k, ok := range m {
		if ok {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

func keysOfString(m map[string]bool) []string {
	var keys []string
	for k, ok := range m {
		if ok {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// Nothing but moving values around: any type will do.

type user struct{ name string }
type order struct{ name string }

func chunkUsers(in []*user, n int) (out [][]*user) { // want `chunkUsers and chunkOrders \(line 79\) .* \[T any\]`
	for len(in) > n {
		out = append(out, in[:n])
		in = in[n:]
	}
	return append(out, in)
}

func chunkOrders(in []*order, n int) (out [][]*order) {
	for len(in) > n {
		out = append(out, in[:n])
		in = in[n:]
	}
	return append(out, in)
}

// A map key: comparable. Functions in parameters, and a call of oneself.

func countBy(xs []user, key func(user) bool, seen map[user]int) int { // want `countBy and countOrders \(line 99\) .* \[T comparable\]`
	if len(xs) == 0 {
		return len(seen)
	}
	if key(xs[0]) {
		seen[xs[0]]++
	}
	return countBy(xs[1:], key, seen)
}

func countOrders(xs []order, key func(order) bool, seen map[order]int) int {
	if len(xs) == 0 {
		return len(seen)
	}
	if key(xs[0]) {
		seen[xs[0]]++
	}
	return countOrders(xs[1:], key, seen)
}

// Methods that both types have, with a pointer receiver. The import has two names.

type cat struct{ n int }
type dog struct{ n int }

func (c *cat) Name() string { return "cat" }
func (d *dog) Name() string { return "dog" }

func printCats(all []*cat) (n int) { // want `printCats and printDogs \(line 125\) .* \[T interface\{Name\(\) string\}\]`
	for _, c := range all {
		fmt.Println(c.Name())
		n++
	}
	return n
}

func printDogs(all []*dog) (n int) {
	for _, d := range all {
		str.Println(d.Name())
		n++
	}
	return n
}

// Methods of one type: they can share a function.

type bag map[string]any

func (b bag) GetInt(key string) (v int) { // want `GetInt and GetBool \(line 144\) .* \[T any\]`
	if x, ok := b[key]; ok && x != nil {
		v, _ = x.(int)
	}
	return v
}

func (b bag) GetBool(key string) (v bool) {
	if x, ok := b[key]; ok && x != nil {
		v, _ = x.(bool)
	}
	return v
}

// A type switch, constants and a conversion.

func parseInt(x any) (v int, err error) { // want `parseInt and parseFloat \(line 165\) .* \[T int \| float64\]`
	switch x := x.(type) {
	case int:
		v = x + 100
	case uint8:
		v = int(x)
	default:
		err = errEmpty
	}
	return v, err
}

func parseFloat(x any) (v float64, err error) {
	switch x := x.(type) {
	case float64:
		v = x + 100
	case uint8:
		v = float64(x)
	default:
		err = errEmpty
	}
	return v, err
}

// A literal without keys, which only the package of the struct may write.

type pair struct{ a, b int }

func pairsOfInt32(xs []int32) (out []pair) { // want `pairsOfInt32 and pairsOfUint \(line 189\) .* \[T int32 \| uint\]`
	for i, x := range xs {
		out = append(out, pair{i, int(x)})
	}
	out = append(out, pair{})
	return out
}

func pairsOfUint(xs []uint) (out []pair) {
	for i, x := range xs {
		out = append(out, pair{i, int(x)})
	}
	out = append(out, pair{})
	return out
}

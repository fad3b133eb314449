package old

// silent: Go 1.17 has no type parameters.

func reverseInt(xs []int) []int {
	out := make([]int, 0, len(xs))
	for i := range xs {
		out = append(out, xs[len(xs)-1-i])
	}
	return out
}

func reverseBool(xs []bool) []bool {
	out := make([]bool, 0, len(xs))
	for i := range xs {
		out = append(out, xs[len(xs)-1-i])
	}
	return out
}

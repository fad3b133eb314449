package a

func fakeInt(xs []int) (out []int) { // silent: a test may repeat itself
	for _, x := range xs {
		out = append(out, x)
	}
	out = append(out, 1)
	return out
}

func fakeUint(xs []uint) (out []uint) {
	for _, x := range xs {
		out = append(out, x)
	}
	out = append(out, 1)
	return out
}

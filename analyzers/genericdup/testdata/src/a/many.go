package a

// More twins than a message names.

func firstInt(xs []int) (n int) { // want `^firstInt, firstString \(line \d+\), firstUint \(line \d+\) and 2 more differ in one type only: .*\]$`
	for i, x := range xs {
		if i > 0 && x == xs[0] {
			n++
		}
	}
	return n
}

func firstString(xs []string) (n int) {
	for i, x := range xs {
		if i > 0 && x == xs[0] {
			n++
		}
	}
	return n
}

func firstUint(xs []uint) (n int) {
	for i, x := range xs {
		if i > 0 && x == xs[0] {
			n++
		}
	}
	return n
}

func firstFloat64(xs []float64) (n int) {
	for i, x := range xs {
		if i > 0 && x == xs[0] {
			n++
		}
	}
	return n
}

func firstInt32(xs []int32) (n int) {
	for i, x := range xs {
		if i > 0 && x == xs[0] {
			n++
		}
	}
	return n
}

// Four: "and 1 more" would not be shorter.

func lastInt(xs []int) (n int) { // want `^lastInt, lastString \(line \d+\), lastUint \(line \d+\) and lastFloat64 \(line \d+\) differ`
	for i, x := range xs {
		if i < 9 && x == xs[0] {
			n++
		}
	}
	return n
}

func lastString(xs []string) (n int) {
	for i, x := range xs {
		if i < 9 && x == xs[0] {
			n++
		}
	}
	return n
}

func lastUint(xs []uint) (n int) {
	for i, x := range xs {
		if i < 9 && x == xs[0] {
			n++
		}
	}
	return n
}

func lastFloat64(xs []float64) (n int) {
	for i, x := range xs {
		if i < 9 && x == xs[0] {
			n++
		}
	}
	return n
}

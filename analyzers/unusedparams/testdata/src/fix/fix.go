package fix

func one(n int) { println() } // want "unused parameter: n"

func many(a, b int, c string) int { // want "unused parameter: b" "unused parameter: c"
	return a
}

func rest(a int, more ...string) { println(a) } // want "unused parameter: more"

func generic[T any](v T, f func(v T) T) { // want "unused parameter: v"
	println(f)
}

func tree(n int, tag string) { // want "only handed on"
	if n > 0 {
		tree(n-1, tag)
	}
}

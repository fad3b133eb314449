package fix

func one(n int) { println() } // want "unused parameter: n"

func many(a, b int, c string) int { // want "unused parameter: b" "unused parameter: c"
	return a
}

package ignored

func get() (int, error) { return 0, nil }

func lost(c bool) (n, m int, err error) {
	if c {
		n, err := get() // want `this n is a new variable`
		m := n
		_, _ = m, err
	}
	return n, m, err
}

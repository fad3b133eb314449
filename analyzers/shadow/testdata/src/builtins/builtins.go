package builtins

func max(a, b int) int { // want `this max hides the predeclared function of that name: rename it`
	return a + b
}

type error interface{ Error() string } // want `this error hides the predeclared type of that name: rename it`

type buffer struct {
	len int // silent: a field
}

func (b buffer) cap() int { return b.len } // silent: a method

func pad(s string, len int) string { // want `this len hides the predeclared function of that name`
	for range len {
		s += " "
	}
	return s
}

func locals(v any) (new int) { // want `this new hides the predeclared function`
	true := 1 == 1 // want `this true hides the predeclared constant`

	var nil any // want `this nil hides the predeclared value`

	type string []int // want `this string hides the predeclared type`

	max := string{1} // silent: it hides the package's

	switch any := v.(type) { // want `this any hides the predeclared type`
	case int:
		_ = any + 1
	}
	_, _, _ = true, nil, max
	return new
}

package flow

// A chain of conditions must not cost more than its length: debug/pe compares
// with some twenty machines in one.
func chain(n int) (err error) {
	v := 0
	for i := 0; i < n; i++ {
		if n != 1 && n != 2 && n != 3 && n != 4 && n != 5 && n != 6 && n != 7 && n != 8 &&
			n != 9 && n != 10 && n != 11 && n != 12 && n != 13 && n != 14 && n != 15 && n != 16 &&
			n != 17 && n != 18 && n != 19 && n != 20 && n != 21 && n != 22 && n != 23 && n != 24 &&
			n != 25 && n != 26 && n != 27 && n != 28 && n != 29 && n != 30 && n != 31 && n != 32 &&
			n != 33 && n != 34 && n != 35 && n != 36 && n != 37 && n != 38 && n != 39 && n != 40 {
			v, err := i, error(nil) // want "this v is a new variable" "this err is a new variable"
			_, _ = v, err
		}
	}
	_ = v
	println(v)
	return err
}

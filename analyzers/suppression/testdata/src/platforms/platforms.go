package platforms

func bad() {}

func f() {
	_ = 0 //nolint:bad // silent: the package has a file for Plan 9, which may call it
	bad() //nolint:bad // silent: it matches
	bad() /* want "suppresses nothing until it gives a reason" */ //nolint:bad
}

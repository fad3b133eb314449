package judged

func bad()  {}
func poor() {}

func judged() {
	bad()  //nolint:bad // silent: it matches
	poor() //nolint:poor // silent: it matches
	poor() /* want "^//nolint:bad matches nothing: remove it$" */ //nolint:bad // the reason
	poor() /* want "//lint:ignore bad,b. matches nothing" */ //lint:ignore bad,b* the reason
	poor() //nolint:poor,bad // silent: one of them matches
	bad()  /* want "//nolint:bad suppresses nothing until it gives a reason: write //nolint:bad // reason" */ //nolint:bad
	bad()  /* want "//nolint suppresses nothing until it gives a reason: write //nolint:NAME // reason" */ //nolint
	poor() /* want "//lint:ignore bad suppresses nothing until it gives a reason: write //lint:ignore bad reason" */ //lint:ignore bad
	poor() /* want "//lint:ignore names no analyzer: write //lint:ignore NAME reason" */ //lint:ignore
	_ = 0  //nolint:gosec // silent: that is for another linter
	_ = 0  //nolint:gosec
	_ = 0  //nolint:bad,gosec // silent: some of it is for another linter
	_ = 0  //nolint
	_ = 0  //nolint:group // silent: so are names of groups
	_ = 0  //nolint:all // silent: for whom it may concern
	_ = 0  //nolint:off // silent: that analyzer is off
	_ = 0  //nolint:sized // silent: it may match where an int is smaller
	_ = 0  //lint:ignore o* silent: that analyzer is off
	_ = 0  /* want "//lint:ignore code1 matches nothing" */ //lint:ignore code1 the id of a rule

	//nolint:bad // silent: the statement below has one
	if true {
		bad()
	}
	/* want +2 "matches nothing" */
	_ = 0
	//nolint:bad // want "//nolint:bad matches nothing"
	if true {
		poor()
	}
}

//lint:file-ignore poor silent: poor is here

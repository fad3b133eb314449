package honoured

func bad()  {}
func poor() {}

func endOfLine() {
	bad()  //nolint:bad // the reason
	bad()  //lint:ignore bad the reason
	bad()  //nolint:poor,bad // one of two names
	bad()  //lint:ignore poor,bad one of two names
	bad()  // nolint:bad // with a blank in front
	bad()  //nolint:BAD // in capitals
	bad()  //nolint:bad the reason without slashes
	bad()  //nolint:b* // a pattern
	bad()  //nolint // all
	bad()  //nolint:all // all
	bad()  //lint:ignore group it is in that group
	bad()  /* want "call of bad" */  //nolint:poor // another analyzer
	poor() /* want "call of poor" */ //nolint:code1 // another code
	bad()  //lint:ignore code1 the id of a rule
	bad()  /* want "call of bad" */ //nolint:code2 // the id of another rule
	bad()  /* want "call of bad" */ //nolint:ba // no pattern
	bad()  /* want "call of bad" */ //nolint:bad
	bad()  /* want "call of bad" */ //lint:ignore bad
	bad()  /* want "call of bad" */ //lint:ignored bad is no directive
	bad()  /* want "call of bad" */ //nolintlint:bad // is no directive
	bad()  /* want "call of bad" */ // see //nolint:bad in the middle of a comment
	bad()  // want "call of bad"
	bad()  //lint:ignore	bad	tabs
	bad()  /* want "call of bad" */ // nolint is what this line is about
	bad()  /* want "call of bad" */ //nolint is what this line is about
	bad()  /* want "call of bad" */ //nolint :bad // a blank too many
}

// nolint is what this function handles.
func prose() {
	bad() // want "call of bad"
}

func above() {
	//nolint:bad // the statement below
	if true {
		bad()
		bad()
	} else {
		bad()
	}
	bad() // want "call of bad"

	//nolint:bad // a longer comment
	// between it and the code.
	bad()
	//nolint:bad // nothing directly below, so the next line

	bad() // want "call of bad"

	for {
		//lint:ignore bad only what is below
		bad()
		bad() // want "call of bad"
		//nolint:bad // a brace is below
	}
	bad() // want "call of bad"
}

// below is covered by the last line of its comment.
//
//nolint:bad // the whole function
func below() {
	bad()
	func() { bad() }()
}

var (
	//lint:ignore bad the variable below
	a = func() int {
		bad()
		return 0
	}()
	b = func() int {
		bad() // want "call of bad"
		return 0
	}()
)

var list = []func(){
	//nolint:bad // the element below
	func() {
		bad()
	},
	func() { bad() }, // want "call of bad"
}

func clauses(n int) {
	switch n {
	//nolint:bad // the clause below
	case 1:
		bad()
	case 2:
		bad() // want "call of bad"
	}
	bad( /* want "call of bad" */ ) //nolint:poor // two on
	func() {
		bad() // want "call of bad"
	}() //nolint:bad // the end of a statement is its last line alone
}

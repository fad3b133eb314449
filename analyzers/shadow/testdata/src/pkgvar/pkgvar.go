package pkgvar

type conn struct{}

var here int

func open() (*conn, error) { return nil, nil }
func use(...any)           {}

func setup() error {
	db, err := open() // want `this db hides the package's variable declared at other.go:6: assign to that, or rename this`
	if err != nil {
		return err
	}
	use(db)
	here := 2 // want `this here hides the package's variable declared at line 5: assign to that, or rename this`
	use(here)
	return nil
}

// dominikh/go-tools#797
func exported() {
	Public := 2 // want `this Public hides the package's variable`
	use(Public)
}

// golang/go#72943
func constants() {
	limit := 3 // want `this limit hides the package's constant declared at other.go:3: rename this$`
	use(limit)
	var name = "x" // want `this name hides the package's variable`
	use(name)
}

func silent(name string, db *conn) { // silent: parameters
	use(name, db)
	{
		name := "y" // silent: it hides the parameter
		use(name)
	}
	here := here + 1 // silent: derived
	use(here)
	size := 3 // silent: an int is no int64
	use(size)
	limit := "x" // silent: another type
	use(limit)
	_ = func() { open := 3; use(open) } // silent: a function
}

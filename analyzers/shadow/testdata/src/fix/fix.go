package fix

import (
	"errors"
	"io"
	"os"
)

func get() (int, error) { return 0, nil }
func check() error      { return nil }
func use(...any)        {}

// Every left side exists and has its type.
func assign() (n int, err error) {
	if n == 0 {
		n, err := get() // want `this n is a new variable` `this err is a new variable`
		use(n, err)
	}
	return n, err
}

// There is no outer err.
func noOuter() int {
	var n int
	if use(); n == 0 {
		n, err := get() // want `this n is a new variable`
		if err == nil {
			use(n)
		}
	}
	return n
}

// The outer err has a value that is still needed.
func otherValue() (int, error) {
	var n int
	err := errors.New("kept")
	if n == 0 {
		n, err := get() // want `this n is a new variable`
		use(n, err)
	}
	return n, err
}

// Another type: a file is a writer, but a writer has no Close.
func otherType() error {
	var w io.Writer
	if w == nil {
		w, err := os.Create("x") // want `this w is a new variable`
		if err != nil {
			return err
		}
		defer w.Close()
	}
	_, err := w.Write(nil)
	return err
}

// The second := declares m alone because the first declares err.
func redeclared() error {
	var n int
	var err error
	if n == 0 {
		n, err := get() // want `this err is a new variable`
		use(n, err)
		m, err := get()
		use(m)
		_ = err
	}
	return err
}

// A name that is not free, and comments that are aligned.
func alignment(innerX bool) int {
	var x int
	if innerX {
		var x = 3  // want `this x is a new variable`
		use(x)     // a call
		use(x, 30) // another
	}
	return x
}

// An operator is shorter, and the comments move.
func alignedAssign() int {
	var total int
	if total == 0 {
		total := 2 // want `this total is a new variable`
		use(total) // a call
	}
	return total
}

func heads(list []int, c chan int) (x, y, z int, err error) {
	for x := range list { // want `this x is a new variable`
		use(x)
	}
	select {
	case y := <-c: // want `this y is a new variable`
		use(y)
	}
	for z := 0; z < 3; z++ { // want `this z is a new variable`
		use(z)
	}
	if err := check(); err == nil { // want `this err is a new variable`
		use()
	}
	return x, y, z, err
}

// A goroutine should not assign what others read.
func spawned(done chan bool) (n int) {
	go func() {
		n := 3 // want `this n is a new variable`
		use(n)
		close(done)
	}()
	<-done
	return n
}

// Keys of composite literals, fields and labels are other things.
func names() (p struct{ p int }) {
	if use(); p.p == 0 {
		p := struct{ p int }{p: 1} // want `this p is a new variable`
	p:
		for p.p < 3 {
			p.p++
			continue p
		}
		q, p := 1, p
		use(q)
	}
	return p
}

// Whoever is handed a literal may run it in a goroutine of its own: assigning
// to the outer variable there would be a race.
func handed(run func(func()), names []string) error {
	var err error
	for _, name := range names {
		run(func() {
			_, err := os.Open(name) // want "this err is a new variable"
			_ = err
		})
	}
	return err
}

// The same for one that has a name: a goroutine may be what calls it.
func named(names []string, done chan bool) error {
	var err error
	for _, name := range names {
		open := func() {
			_, err := os.Open(name) // want "this err is a new variable"
			_ = err
			done <- true
		}
		go open()
	}
	for range names {
		<-done
	}
	return err
}

// A literal that is called where it stands, or deferred, runs in no other goroutine,
// unless what is around it does.
func inPlace(run func(func())) (n int) {
	func() {
		n := 3 // want "this n is a new variable"
		use(n)
	}()
	run(func() {
		func() {
			n := 4 // want "this n is a new variable"
			use(n)
		}()
	})
	return n
}

package calls

import (
	"io"
	"os"
	"strings"

	"kinds/dep"
)

type outer struct{ dep.Old }

type runner interface{ Run() }

type both interface {
	dep.Walker
	Close()
}

func f(o outer, old dep.Old, r runner, w dep.Walker, b both, rd io.Reader, box dep.Box[int]) {
	old.Run()                       // want `use of \(kinds/dep.Old\).Run is forbidden \(run\)`
	o.Run()                         // want `\(run\)`
	_ = dep.Old.Run                 // want `\(run\)`
	_ = (*dep.Old).Run              // want `\(run\)`
	r.Run()                         // silent: not through interfaces
	old.RunAll()                    // silent: another method
	old.Walk()                      // want `\(walk\)`
	w.Walk()                        // want `use of \(kinds/dep.Walker\).Walk is forbidden \(walk\)`
	b.Walk()                        // silent: no Old can be a both
	_ = w.Walk                      // want `\(walk\)`
	_ = dep.Walker.Walk             // want `\(walk\)`
	rd.Read(nil)                    // want `\(read\)`
	strings.NewReader("").Read(nil) // want `use of \(\*strings.Reader\).Read is forbidden \(read\)`
	os.Stdin.Read(nil)              // want `\(read\)`
	os.Stdin.Close()                // silent: another method
	notReader{}.Read()              // silent: does not implement io.Reader
	box.Get()                       // want `use of \(kinds/dep.Box\).Get is forbidden \(generic\)`
	dep.Func(1)                     // want `use of kinds/dep.Func is forbidden \(generic\)`
	dep.Func[string]("")            // want `\(generic\)`
	own()                           // want `use of kinds/calls.own is forbidden \(own\)`
	func(own func()) { own() }(nil) // silent: a parameter of that name
	var err error
	_ = err.Error() // want `use of \(error\).Error is forbidden \(own\)`
}

func typeParam[R io.Reader](r R) {
	r.Read(nil) // want `\(read\)`
}

type notReader struct{}

func (notReader) Read() {}

func own() {}

type embedding struct{ dep.Walker }

func g(e embedding) {
	e.Walk() // want `\(walk\)`
}

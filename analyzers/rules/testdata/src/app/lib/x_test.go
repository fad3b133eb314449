package lib_test

import (
	"io"

	"app/lib"
)

func outside(r io.Reader, t lib.Thing) {
	r.Read(nil) // want `read through lib.Read \(read\)`
	t.Own()     // want `internal \(method\)`
}

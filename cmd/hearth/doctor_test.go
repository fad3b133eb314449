package main

import (
	"bytes"
	"testing"

	"github.com/gohearth/hearth/toolchain"
	"github.com/gohearth/hearth/toolchain/grafts"
)

// A graft that does not fit is no failure, but is told with its reason.
func TestDoctorGrafts(t *testing.T) {
	var out bytes.Buffer
	d := &doctor{c: &command{stdout: &out}}
	d.grafts(&toolchain.Toolchain{Gopls: "v0.1.0", Grafts: []string{"a", "b"}, LeftOut: []grafts.LeftOut{{Name: "c", Why: "F of p is declared 2 times, not once"}}})
	want := "ok    grafts in its gopls: a, b\nwarn  graft c does not fit gopls v0.1.0 and is left out: F of p is declared 2 times, not once\n"
	if out.String() != want || d.failed != 0 {
		t.Errorf("it prints %q with %d failures; want %q", out.String(), d.failed, want)
	}
}

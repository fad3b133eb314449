package lib

import (
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync/atomic"

	_ "app/deps/old" // want `use app/lib \(no-old\)`
)

type Thing struct{}

func (Thing) Own()   {}
func (Thing) Other() {}

type client struct{ *http.Client }

type readCloser interface {
	io.Reader
	io.Closer
}

func calls(c client, r readCloser, p *atomic.Pointer[Thing], t Thing) {
	os.Exit(1)                      // want `return an error \(no-exit\)`
	log.Fatalf("%d", 1)             // want `return an error \(no-exit\)`
	log.Print()                     // silent: another function
	die := os.Exit                  // want `return an error \(no-exit\)`
	die(1)                          // silent: reported where it was taken
	c.Get("/")                      // want `use of \(\*net/http.Client\).Get is forbidden \(ctx\)`
	get := (*http.Client).Get       // want `use of \(\*net/http.Client\).Get is forbidden \(ctx\)`
	get(c.Client, "/")              // silent: reported where it was taken
	http.Get("/")                   // want `use of net/http.Get is forbidden \(ctx\)`
	r.Read(nil)                     // want `read through lib.Read \(read\)`
	strings.NewReader("").Read(nil) // silent: not the interface's method
	p.Store(nil)                    // want `use a mutex \(atomic\)`
	t.Own()                         // want `internal \(method\)`
	t.Other()                       // silent: another method
}

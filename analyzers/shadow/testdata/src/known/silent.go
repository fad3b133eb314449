// Package known has what other checkers are known to report and should not, with
// where people complained.
package known

import (
	"errors"
	"log"
	"os"
)

type file struct{ sum string }

func download(string) (*file, error) { return nil, nil }
func check() error                   { return nil }
func cond() bool                     { return false }
func use(...any)                     {}

// cockroachdb/cockroach#1730
func reassigned(s string) error {
	a, err := download(s)
	if err != nil {
		return err
	}
	if cond() {
		b, err := download(s + ".sum") // silent: the outer one is assigned before it is read
		use(b, err)
	}
	c, err := download(s + ".sig")
	use(a, c)
	return err
}

// golangci/golangci-lint#3634
func notReadAgain(src, sum string) error {
	f, err := download(src)
	if err != nil {
		return err
	}
	if sum != "" {
		g, err := download(sum) // silent: the outer one is not read again
		if err != nil {
			return err
		}
		if f.sum != g.sum {
			return errors.New("the file was downloaded incorrectly")
		}
	}
	return nil
}

// golang/go#19490
func deferredLocal(f *os.File) (err error) {
	defer func() {
		err := f.Close() // silent: the closure's own, and it looks at it
		if err != nil {
			log.Print(err)
		}
	}()
	_, err = f.Write(nil)
	return err
}

// golang/go#21606
func converted(list []string) {
	for _, v := range list {
		v := []byte(v) // silent: another type
		use(v)
	}
}

// golang/go#44875
func sameScope() (err error) {
	x, err := download("") // silent: parameters, results and the body are one scope
	use(x)
	return
}

// golang/go#14494, #11843
func handledInPlace() {
	a, err := download("")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := download("b"); err != nil { // silent: nothing follows log.Fatal
		log.Fatal(err)
	}
	if b, err := download("c"); err != nil { // silent: nothing reads the outer one
		log.Fatal(err)
	} else {
		use(b)
	}
	use(a)
}

// golang/go#21638
func independent(s string) error {
	if _, err := download(s); err != nil {
		return err
	}
	err := check()
	if err != nil {
		return err
	}
	if _, err := download(s); err != nil { // silent: nil where its scope ends
		return err
	}
	return err
}

// microsoft/typescript-go#365: used before the closure, not after it.
func closureLast() func() error {
	err := check()
	if err != nil {
		return nil
	}
	return func() error {
		err := check() // silent: the outer one is not read again
		return err
	}
}

// microsoft/typescript-go#365: in a loop, overwritten first.
func overwrittenInLoop(list []string) error {
	var err error
	for _, s := range list {
		_, err = download(s)
		if err := wrap(err); err != nil { // silent: the next turn assigns it
			return err
		}
	}
	return nil
}

func wrap(err error) error { return err }

// golang/go#40113: two errors, and both are wanted.
func closeAfter(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err := f.Close(); err != nil { // silent: logged; the outer one is still unread
		log.Print(err)
	}
	if err != nil {
		if _, err := os.Stat(f.Name()); err == nil { // silent: the outer one has its value
			return errors.New("written in part")
		}
		return err
	}
	return nil
}

// golang/go#61574: names alone say nothing.
func derivedContext(ctx *file) {
	for range 3 {
		ctx, cancel := with(ctx) // silent: derived from the outer one
		use(ctx)
		cancel()
	}
	use(ctx)
}

func with(ctx *file) (*file, func()) { return ctx, func() {} }

// Package bugs has, in small, shadowing that was a bug in a real program, with
// where it was found.
package bugs

import (
	"errors"
	"fmt"
	"log"
)

type key struct{ bytes []byte }
type block struct{ height int }

func decode(string) (*key, error)       { return nil, nil }
func query(from, to int) ([]int, error) { return nil, nil }
func parse(string) (int, error)         { return 0, nil }
func try() error                        { return nil }
func use(...any)                        {}

var config *key

// OpenNHP/opennhp#1616: the guard reads the result, not what decode returned.
func updateConfig(encoded string) (err error) {
	var newKey *key
	if encoded != "" {
		k, err := decode(encoded) // want `this err is a new variable: the one declared at line \d+ is read at line \d+ without the value assigned here`
		if err != nil {
			log.Printf("bad key: %v", err)
		}
		newKey = k
	}
	if err == nil {
		config = newKey
	}
	return err
}

// wormhole-foundation/wormhole#4722: a nil error is returned.
func retry() error {
	var err error
	for range 3 {
		if err := try(); err == nil { // want `this err is a new variable`
			return nil
		}
	}
	return err
}

// wormhole-foundation/wormhole#4722: the wrong error is logged.
func wrongError(s string) int {
	n, err := parse(s)
	if err != nil {
		return 0
	}
	if n > 3 {
		m, err := parse(s[1:]) // want `this err is a new variable`
		if err == nil {
			return m
		}
	}
	log.Print("parsing: ", err)
	return n
}

// babylonchain/finality-provider#455: the blocks of the loop are queried, and
// the outer ones, empty, are looked at.
func waitForBlocks(n int) []int {
	var blocks []int
	for range 10 {
		blocks, err := query(1, n) // want `this blocks is a new variable`
		if err == nil && len(blocks) == n {
			break
		}
	}
	return blocks
}

// dominikh/go-tools#1520: what is put into the inner map is lost.
func shadowedMap(option bool) int {
	var m map[int]struct{}
	if option {
		m := make(map[int]struct{}) // want `this m is a new variable`
		m[1] = struct{}{}
	}
	return len(m)
}

// The same where the outer map is not empty: nobody reads the inner one.
func deadMap(m map[int]bool, option bool) int {
	if option {
		m := make(map[int]bool) // want `this m is a new variable`
		m[1] = true
	}
	return len(m)
}

// dominikh/go-tools#229: a nil pointer is passed on.
func nilPointer(s string) *key {
	var k *key
	if s != "" {
		k, err := decode(s) // want `this k is a new variable`
		if err != nil {
			return nil
		}
		use(k.bytes)
	}
	return k
}

// dominikh/go-tools#954, and in the same way parca-dev/parca-agent#1604: the
// last call's error is assigned to a variable that goes out of scope.
func lastError(s string, option bool) error {
	var err error
	if option {
		n, err := parse(s) // want `this err is a new variable`
		if err != nil {
			return err
		}
		use(n)
		err = try()
	}
	if err != nil {
		return fmt.Errorf("trying: %w", err)
	}
	return nil
}

// parca-dev/parca-agent#1604: errors are collected, and those of the loop forgotten.
func collect(list []string) (sum int, err error) {
	for _, s := range list {
		n, err := parse(s) // want `this err is a new variable`
		if err != nil {
			err = errors.Join(err, try())
			continue
		}
		sum += n
	}
	return sum, err
}

// golang/go#36581: the deferred closure reports the outer error.
func deferred() {
	err := errors.New("one")
	defer func() { fmt.Println("deferred err is", err) }()
	{
		err := errors.New("two") // want `this err is a new variable`
		fmt.Println("err is", err)
	}
}

// golang/go#15362: one case of the select assigns, the other declares.
func selected(a, b chan int) int {
	var result int
	for range 2 {
		select {
		case result = <-a:
			fmt.Println(result)
		case result := <-b: // want `this result is a new variable`
			fmt.Println(result)
		}
	}
	return result
}

// golang/go#12188
func broken() {
	var a int
	{
		a := 3 // want `this a is a new variable`
		fmt.Println(a)
	}
	fmt.Println(a)
}

// As net/http had it: the loop looks at frames, and the zero frame is returned.
func lastFrame(next func() (block, bool)) block {
	var frame block
	for {
		frame, more := next() // want `this frame is a new variable`
		if frame.height > 0 {
			return frame
		}
		if !more {
			break
		}
	}
	return frame
}

// As net had it: the inner cancel is never called.
func cancels(deadline, old bool) func() {
	var cancel1, cancel2 func()
	if deadline {
		cancel1 = func() {}
	}
	if old {
		_, cancel2 := 1, func() {} // want `this cancel2 is a new variable`
		use(cancel2)
	}
	return func() {
		if cancel1 != nil {
			cancel1()
		}
		if cancel2 != nil {
			cancel2()
		}
	}
}

// As time had it: the error that is kept is the outer one, which is nil.
func firstError(s string) error {
	var first error
	if data, err := parse(s); err == nil {
		if _, err := parse(fmt.Sprint(data)); err == nil { // want `this err is a new variable`
			return nil
		}
		first = err
	}
	return first
}

// As encoding/gob had it: the deferred clean-up looks at a variable that is
// no result.
func cleanup(s string, undo func()) (*key, error) {
	var err error
	defer func() {
		if err != nil {
			undo()
		}
	}()
	if n := len(s); n > 0 {
		k, err := decode(s) // want `this err is a new variable: the one declared at line \d+ is read at line \d+`
		if err != nil {
			return nil, err
		}
		use(k)
	}
	if err := try(); err != nil { // want `this err is a new variable`
		return nil, err
	}
	k, err := decode("")
	return k, err
}

// As regexp's test had it: the line number of the message is always 0.
func lineNumber(scan func() bool, err error) error {
	lineno := 0
	for lineno := 1; scan(); lineno++ { // want `this lineno is a new variable`
		use(lineno)
	}
	return fmt.Errorf("%d: %w", lineno, err)
}

// As the runtime had it: one branch assigns stop, the other declares it.
func branches(list []int, done func() (int, bool), print func(int) bool) int {
	stop := false
	for _, x := range list {
		if x > 0 {
			if n, stop := done(); stop { // want `this stop is a new variable`
				break
			} else if n > 0 {
				use(n)
			}
		} else {
			stop = print(x)
			if stop {
				break
			}
		}
	}
	if stop {
		return 1
	}
	return 0
}

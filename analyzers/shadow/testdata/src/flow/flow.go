// Package flow has what control can do between a write of the inner variable
// and a read of the outer one.
package flow

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func get() (int, error) { return 0, nil }
func check() error      { return nil }
func cond() bool        { return true }
func use(...any)        {}

// Loops.

func backEdge(pages []string) {
	var last string
	for _, p := range pages {
		if last != "" {
			use(last)
		}
		last := p + "." // want `this last is a new variable`
		use(last)
	}
}

func postStatement() {
	for i := 0; i < 10; i++ {
		i := 5 // want `this i is a new variable: the one declared at line \d+ is read at line \d+`
		i++
	}
}

func postStatementOfItsOwn() {
	for i := 0; i < 10; i++ {
		i := i // silent: a copy
		use(&i)
	}
}

func postStatementReads(list []int) {
	n := 0
	for ; n < len(list); use(n) {
		n := list[0] // want `this n is a new variable`
		use(n)
	}
}

func rangeAssigns(list []int) int {
	var x int
	if cond() {
		x := 3 // want `this x is a new variable`
		use(x)
	}
	for _, x = range list { // there may be no element
		use(x)
	}
	return x
}

func rangeOverInt() int {
	var last int
	for last := range 10 { // want `this last is a new variable`
		use(last)
	}
	return last
}

func outerCounter(list [][]int) (sum int) {
	for i := 0; i < len(list); i++ {
		for i := 0; i < 3; i++ { // silent: the outer one counts
			sum += i
		}
	}
	return sum
}

func labelled(list [][]int) int {
	var found int
outer:
	for _, l := range list {
		for _, x := range l {
			found, err := get() // want `this found is a new variable`
			if err != nil {
				continue outer
			}
			if found == x {
				break outer
			}
		}
	}
	return found
}

func labelledReturn(list [][]int) int {
	var found int
outer:
	for _, l := range list {
		for _, x := range l {
			found := x // silent: both ways out assign the outer one
			if found > 3 {
				break outer
			}
			continue outer
		}
	}
	found = 1
	return found
}

func jump(n int) int {
	var x int
again:
	if x > 0 {
		return x
	}
	{
		x := n // want `this x is a new variable`
		if x > 3 {
			goto again
		}
	}
	return 0
}

func endless() {
	var x int
	use(x)
	for {
		x := 3 // silent: nothing follows, and no turn reads the outer one
		use(x)
	}
}

func exits() int {
	var x int
	if cond() {
		x := 3 // silent: nothing follows
		use(x)
		os.Exit(x)
	}
	return x
}

func panics() int {
	var x int
	if cond() {
		x := 3 // silent: nothing follows
		panic(x)
	}
	return x
}

// Switch and select.

func fallThrough(k int) int {
	var x int
	switch k {
	case 1:
		x := 3 // want `this x is a new variable`
		use(x)
		fallthrough
	case 2:
		use(x)
	case 3:
		x := 3 // silent: the switch is left, and the outer one assigned
		use(x)
	}
	x = 2
	return x
}

func inHead(k int) (x int) {
	switch x := k * 2; { // want `this x is a new variable`
	case x > 3:
		use(x)
	}
	return
}

func typeSwitch(x any) {
	switch x := x.(type) { // silent: there is no other way to write it
	case int:
		use(x)
	}
	var y any
	switch y := x.(type) { // silent: nor here
	case error:
		use(y)
	}
	use(x, y)
}

func inTypeSwitch(v any) (x int) {
	switch v := v.(type) {
	case int:
		x := v // want `this x is a new variable`
		use(x)
	}
	return x
}

func receive(c chan int) int {
	var x int
	select {
	case x := <-c: // want `this x is a new variable`
		use(x)
	default:
	}
	return x
}

func receiveOK(c chan int) int {
	var x int
	for {
		select {
		case x, ok := <-c: // silent: each turn assigns the outer one before it is read
			use(x, ok)
		case x = <-c:
			return x
		}
	}
}

// Closures.

func calledNow() int {
	var x int
	func() {
		x := 3 // want `this x is a new variable`
		use(x)
	}()
	return x
}

func passedOn() (x int) {
	each(func() {
		x := 3 // want `this x is a new variable`
		use(x)
	})
	return x
}

func each(f func()) { f() }

func bound() int {
	var x int
	f := func() {
		x := 3 // want `this x is a new variable`
		use(x)
	}
	x = 4
	x = 0
	f()
	return x
}

func boundAndAssigned() int {
	var x int
	f := func() int {
		x := 3 // silent: its result is assigned
		return x
	}
	x = f()
	return x
}

func readByClosure() {
	var x int
	show := func() { use(x) }
	if cond() {
		x := 3 // want `this x is a new variable`
		use(x)
	}
	show()
}

func writtenByClosure() int {
	var x int
	set := func() { x = 2 }
	if cond() {
		x := 3 // silent: set assigns it before it is read
		use(x)
	}
	set()
	return x
}

func overwrittenInClosure() {
	var x int
	defer func() {
		x = 2
		use(x)
	}()
	if cond() {
		x := 3 // silent: the closure assigns before it reads
		use(x)
	}
}

func inGoroutine() error {
	var err error
	done := make(chan bool)
	go func() {
		defer close(done)
		_, err := get() // silent: its own, and it is looked at
		if err != nil {
			use(err)
		}
	}()
	<-done
	if cond() {
		err = check()
	}
	return err
}

func setElsewhere() int {
	var x int
	go func() { x = 2 }()
	if cond() {
		x := 3 // silent: when the goroutine assigns it, who knows
		use(x)
	}
	return x
}

func nested() int {
	var x int
	each(func() {
		each(func() {
			x := 3 // want `this x is a new variable`
			use(x)
		})
	})
	return x
}

var packageLevel = func() int {
	var x int
	if cond() {
		x := 3 // want `this x is a new variable`
		use(x)
	}
	return x
}

// Results and defers.

func naked() (x int, err error) {
	if cond() {
		x, err := get() // want `this x is a new variable` `this err is a new variable`
		use(x, err)
	}
	return
}

func notFound(list []int) (x int, ok bool) {
	for range list {
		x, err := get() // silent: returned where it is set; the bare return says "not found"
		if err == nil {
			return x, true
		}
	}
	return
}

func deferReads(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(name)
		}
	}()
	if _, err := f.WriteString("x"); err != nil { // want `this err is a new variable`
		return err
	}
	if n, err := get(); err != nil { // silent: handled, and not returned
		use(n, err)
	}
	return nil
}

func deferReadsResult(name string) (err error) {
	defer func() {
		if err != nil {
			os.Remove(name)
		}
	}()
	if err := check(); err != nil { // silent: return assigns the result first
		return err
	}
	return nil
}

func deferLater(name string) error {
	var err error
	if cond() {
		if err := check(); err != nil { // silent: nothing is deferred yet
			return err
		}
	}
	defer func() { use(err) }()
	_, err = get()
	return err
}

func deferJoins(c io.Closer) error {
	err := check()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := check(); err != nil { // silent: the closure collects
		return err
	}
	return nil
}

func inDefer() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err := fmt.Errorf("%v", r) // want `this err is a new variable`
			err = errors.Join(err, check())
		}
	}()
	return check()
}

// Types.

type list[T any] struct{ items []T }

func generic[T any, S ~[]T](s S) (first T) {
	if len(s) > 0 {
		first := s[0] // want `this first is a new variable`
		use(first)
	}
	return first
}

func (l *list[T]) generic() (items []T) {
	if l != nil {
		items := l.items // want `this items is a new variable`
		use(items)
	}
	return items
}

func implements(name string) error {
	var w io.Writer
	if name != "" {
		w, err := os.Create(name) // want `this w is a new variable`
		if err != nil {
			return err
		}
		defer w.Close()
	}
	_, err := w.Write(nil)
	return err
}

func otherType() int64 {
	var x int64
	if cond() {
		x := 3 // silent: an int cannot have been meant
		use(x)
	}
	return x
}

// Parameters and receivers have their value.

func (l *list[T]) receiver() int {
	if cond() {
		l := &list[T]{items: l.items[1:]} // silent: derived
		use(l)
	}
	for _, l := range []*list[T]{l} { // silent: another one
		use(l)
	}
	return len(l.items)
}

func parameter(n int) int {
	if cond() {
		n := 3 // silent: another number
		use(n)
	}
	return n
}

func deadParameter(n int) int {
	if cond() {
		n := 3 // want `this n is a new variable`
		use(n)
		n = 4
	}
	return n
}

func clearedParameter(n int) int {
	n = 0
	if cond() {
		n := 3 // want `this n is a new variable`
		use(n)
	}
	return n
}

func normalized(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		path, err := filepath.Abs(path) // want `this path is a new variable`
		if err != nil {
			return nil, err
		}
		use(path)
	}
	return os.ReadFile(path)
}

func normalizedEach(paths []string, path string) string {
	for range paths {
		path, err := filepath.Abs(path) // silent: each turn starts anew
		use(path, err)
	}
	return path
}

// Parts and addresses.

func partFirst() [2]int {
	var a [2]int
	if cond() {
		a := [2]int{1, 2} // silent: an element is assigned before it is read
		use(a)
	}
	a[0] = 1
	return a
}

func throughAddress(data []byte) (n int) {
	if cond() {
		var n int // want `this n is a new variable`
		fmt.Sscan(string(data), &n)
	}
	return n
}

func buffer() string {
	var b bytes.Buffer
	if cond() {
		var b bytes.Buffer // want `this b is a new variable`
		b.WriteString("x")
	}
	return b.String()
}

func aliased() int {
	var x int
	p := &x
	if cond() {
		x := 3 // silent: p may be used to set it
		use(x)
	}
	*p = 4
	return x
}

func incremented() (n int) {
	if cond() {
		n := 1 // want `this n is a new variable`
		n += 2
	}
	return n
}

func recursive() int {
	var x int
	var f func(int)
	f = func(i int) {
		x := i // want `this x is a new variable`
		use(x)
		f(i - 1)
	}
	f(3)
	return x
}

func commaOK(m map[int]bool, list []any) bool {
	ok := true
	for _, x := range list {
		switch x := x.(type) {
		case int:
			ok = m[x]
		case error:
			if e, ok := x.(interface{ Timeout() bool }); ok { // silent: the ok of an assertion
				use(e)
			}
		}
	}
	return ok
}

func otherBranch(list []int) (last int) {
	for _, x := range list {
		if x > 0 {
			last = x
		} else {
			last := -x // want `this last is a new variable`
			use(last)
		}
	}
	return last
}

func handledInBranch() (err error) {
	err = check()
	if err == nil {
		if err := check(); err != nil { // silent: looked at, though the other branch assigns
			use(err)
		}
	} else {
		err = fmt.Errorf("checking: %w", err)
	}
	return errors.Join(err, check())
}

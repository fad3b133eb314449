package a

import (
	"errors"
	"fmt"
	"os"
)

const limit = 3

// Arguments.

func dial(addr string, retries int) { // want "parameter retries always receives limit .3.: let dial use the constant"
	fmt.Println(addr, retries)
}

func mixed(addr string, retries int) { // want "parameter retries always receives 3: let mixed use the constant"
	fmt.Println(addr, retries)
}

func few(retries int) { // silent: three calls are no habit
	fmt.Println(retries)
}

func differs(n int) { // silent: two values
	fmt.Println(n)
}

func computed(n int) { // silent: not a constant
	fmt.Println(n)
}

func boxed(v any) { // silent: an int32 in an interface is no int
	fmt.Println(v)
}

func always(v any, sep rune) { // want "parameter v always receives nil" "parameter sep always receives ','"
	fmt.Println(v, sep)
}

func rest(v ...int) { // silent: what is variadic may be given any number of times
	fmt.Println(v)
}

func deep(n int, tab string) { // want "parameter tab always receives"
	if n > 0 {
		deep(n-1, tab) // hands it on
	}
	fmt.Print(tab)
}

func fills(n int, seen map[int]bool) { // silent: hands on another one than it was given
	if seen == nil {
		seen = make(map[int]bool)
	}
	if !seen[n] {
		seen[n] = true
		fills(n-1, seen)
	}
}

func unread(n int) { // silent: unusedparams reports n
	fmt.Println()
}

func value(n int) { // silent: used as a value
	fmt.Println(n)
}

func pair() (int, int) { return len(os.Args), len(os.Args) }

func takesPair(a, b int) { // silent: takesPair(pair()) gives it others
	fmt.Println(a, b)
}

type T struct{ n int }

func (t T) method(n int) { // want "parameter n always receives 1"
	fmt.Println(t, n)
}

func (t T) expr(n int) { // silent: a call through the type, where the arguments are shifted
	fmt.Println(t, n)
}

type shower interface{ show(n int) }

func (t T) show(n int) { // silent: shower asks for it
	fmt.Println(t, n)
}

func Exported(n int) { // silent: calls may be anywhere
	fmt.Println(n)
}

func generic[E any](e E, n int) { // want "parameter n always receives 1"
	fmt.Println(e, n)
}

func calls(t T) {
	dial("a", limit)
	dial("b", limit)
	dial("c", limit)
	dial("d", limit)
	mixed("a", limit)
	mixed("b", 3)
	mixed("c", (3))
	mixed("d", 1+2)
	few(3)
	few(3)
	few(3)
	local := func(n int) { // want "parameter n always receives 7"
		fmt.Println(n)
	}
	for _, n := range []int{1, 1, 1, 1} {
		differs(1)
		differs(2)
		differs(n)
		differs(1)
		computed(n)
	}
	computed(1)
	computed(1)
	computed(1)
	boxed(1)
	boxed(1)
	boxed(1)
	boxed(int32(1))
	always(nil, ',')
	always(nil, ',')
	always(nil, ',')
	always(nil, ',')
	rest()
	rest(1)
	rest(1)
	rest(1)
	deep(1, "\t")
	deep(2, "\t")
	deep(3, "\t")
	deep(4, "\t")
	fills(1, nil)
	fills(2, nil)
	fills(3, nil)
	fills(4, nil)
	unread(1)
	unread(1)
	unread(1)
	unread(1)
	value(1)
	value(1)
	value(1)
	value(1)
	fmt.Println(value)
	takesPair(1, 1)
	takesPair(1, 1)
	takesPair(1, 1)
	takesPair(1, 1)
	takesPair(pair())
	t.method(1)
	t.method(1)
	t.method(1)
	t.method(1)
	T.expr(t, 1)
	t.expr(1)
	t.expr(1)
	t.expr(1)
	t.show(1)
	t.show(1)
	t.show(1)
	t.show(1)
	Exported(1)
	Exported(1)
	Exported(1)
	Exported(1)
	generic("", 1)
	generic(0, 1)
	generic[any](0, 1)
	generic(0, 1)
	local(7)
	local(7)
	local(7)
	local(7)
}

// Results that are always the same.

func check(name string) (bool, error) { // want "result 1 .error. is always nil: drop it"
	return len(name) > 0, nil
}

func sign(n int) (text string) { // want "result text is always \"x\": drop it"
	if n > len(os.Args) {
		return "x"
	}
	fmt.Println(n)
	return "x"
}

func once() int { // silent: a constant with a name
	fmt.Println()
	return 4
}

func deferred() (err error) { // silent: the deferred function sets it
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("recovered")
		}
	}()
	fmt.Println()
	return nil
}

func naked() (n int, err error) { // silent: what a naked return returns is not looked for
	n, err = fmt.Println()
	return
}

func forwarded() (int, error) { // silent: forwarding returns what it returns
	fmt.Println()
	return len(os.Args), nil
}

func forwarding() (int, error) { return forwarded() }

func passedOn() (int, error) { // silent: both results are the arguments of another call
	fmt.Println()
	return len(os.Args), nil
}

func inner() error { // want "result 0 .error. is always nil"
	f := func() error { return errors.New("another function") }
	fmt.Println(f())
	return nil
}

func nothing() error { return nil } // silent: stub

func (t T) validate() error { // silent: validator asks for it
	fmt.Println(t)
	return nil
}

type validator interface{ validate() error }

// Results that nobody uses.

func add(n int) (total int) { // want "result total is never used: drop it"
	fmt.Println(n)
	return n + 1
}

func both() (int, string) { // want "result 1 .string. is never used: drop it"
	return len(os.Args), fmt.Sprint()
}

func background() int { // want "result 0 .int. is never used: drop it"
	return len(fmt.Sprint())
}

func write() error { // silent: an error that nobody looks at is another matter
	_, err := fmt.Println()
	return err
}

func single() int { // silent: dropped only once
	return len(fmt.Sprint())
}

func sometimes() int { // silent: used once
	return len(fmt.Sprint())
}

func source() (int, string) { return len(os.Args), fmt.Sprint() } // silent: delegates forwards both

func delegates() (int, string) { // silent: the results are those of source
	return source()
}

func use(t T) {
	add(1)
	_ = (add(2))
	n, _ := both()
	var m, _ = both()
	go background()
	defer background()
	write()
	write()
	single()
	sometimes()
	sometimes()
	fmt.Println(n, m, sometimes())
	n, _ = delegates()
	n, _ = delegates()
	fmt.Println(passedOn())
	fmt.Println(forwarding())
}

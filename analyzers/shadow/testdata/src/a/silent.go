package a

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
)

var global *config

func head() error {
	var err error
	if err := check(); err != nil { // silent: scoped to the if, and returned
		return err
	}
	return err
}

func handled() error {
	_, err := get()
	if err != nil {
		return err
	}
	if cond() {
		n, err := get() // silent: it is nil where the scope ends
		if err != nil {
			return err
		}
		use(n)
	}
	return err
}

func conjunction() (err error) {
	if cond() {
		n, err := get() // silent: both outcomes that go on say that it is nil
		if !(err == nil && cond()) || n > 1 {
			return err
		}
	}
	return
}

func derived(ctx context.Context, v any, n int) {
	for range 3 {
		n := n                                 // silent: a copy on purpose
		ctx, cancel := context.WithCancel(ctx) // silent: derived from the outer one
		defer cancel()
		use(n, ctx)
	}
	switch v := v.(type) { // silent: no other way to write it
	case int:
		use(v)
	}
	use(ctx, v, n)
}

func overwritten(path string) *config {
	var cfg *config
	if path != "" {
		cfg, err := load(path) // silent: assigned before it is read
		use(cfg, err)
	}
	cfg, _ = load("")
	return cfg
}

func notRead(path string) {
	var cfg *config
	use(cfg)
	if path != "" {
		cfg, err := load(path) // silent: not read afterwards
		use(cfg, err)
	}
}

func returns(path string) *config {
	var cfg *config
	if path != "" {
		cfg, err := load(path) // silent: the scope ends in a return
		use(err)
		return cfg
	}
	return cfg
}

func exits(path string) *config {
	var cfg *config
	if path != "" {
		cfg, err := load(path) // silent: nothing follows os.Exit
		use(cfg, err)
		os.Exit(1)
	}
	return cfg
}

func hasValue() *config {
	cfg, err := load("a")
	if err != nil {
		return nil
	}
	if cond() {
		cfg, err := load("b") // silent: two configurations, and the first is wanted
		use(cfg, err)
	}
	return cfg
}

func parameter(args []string) {
	if cond() {
		args := []string{"a"} // silent: a parameter has its value
		use(args)
	}
	use(args)
}

func counters(list []int) {
	for i := 0; i < len(list); i++ {
		i := list[i] * 2 // silent: the loop's own
		use(i)
	}
	for i := range list {
		use(i)
		i := list[0] // silent: the loop's own
		use(i)
	}
	for i := 0; i < 3; i++ {
		i := 7 // silent: the loop counts
		use(i)
	}
}

func otherType() any {
	var cfg *config
	if cond() {
		cfg := config{} // silent: another type
		use(cfg)
	}
	return cfg
}

func unmarshal(data []byte) *config {
	var cfg *config
	if cond() {
		cfg, err := load("") // silent: filled through its address before it is read
		use(cfg, err)
	}
	json.Unmarshal(data, &cfg)
	return cfg
}

func buffer() string {
	var b bytes.Buffer
	if cond() {
		b := *bytes.NewBufferString("x") // silent: written to before it is read
		use(b.Len())
	}
	b.WriteString("y")
	return b.String()
}

func parts() config {
	var c config
	if cond() {
		c := config{"x"} // silent: a field is written first
		use(c)
	}
	c.name = "y"
	return c
}

func setter() *config {
	var cfg *config
	set := func() { cfg, _ = load("") }
	if cond() {
		cfg, err := load("x") // silent: a function literal assigns it, who knows when
		use(cfg, err)
	}
	set()
	return cfg
}

func inGoroutine() error {
	var err error
	done := make(chan bool)
	go func() {
		_, err := get() // silent: the outer one is somebody else's
		use(err)
		close(done)
	}()
	_, err = get()
	<-done
	return err
}

func blank(path string) {
	var cfg *config
	if path != "" {
		cfg, err := load(path) // silent: _ = cfg is no read
		use(cfg, err)
	}
	_ = cfg
}

func ranged(list []*config) *config {
	var cfg *config
	if cond() {
		cfg, err := load("") // silent: the range assigns it
		use(cfg, err)
	}
	for _, cfg = range list {
		use(cfg)
	}
	return nil
}

func selected(a, b chan *config) {
	var cfg *config
	select {
	case cfg := <-a: // silent: scoped to the case
		use(cfg)
	case <-b:
		use(cfg)
	}
}

func ofPackage() *config {
	if cond() {
		global, err := load("") // silent: locals are often named like globals
		use(global, err)
	}
	return global
}

func find(list []int, want int) (n int, ok bool) {
	for _, x := range list {
		n, err := get() // silent: returned from its scope, the bare return means "not found"
		if err == nil && x == want {
			return n, true
		}
	}
	return
}

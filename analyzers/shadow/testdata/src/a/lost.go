// Package a has the shapes of shadowing that were bugs in real programs, and
// those that look alike and are none.
package a

import (
	"context"
	"encoding/json"
	"os"
)

type config struct{ name string }

func load(string) (*config, error) { return nil, nil }
func use(...any)                   {}
func cond() bool                   { return true }
func get() (int, error)            { return 0, nil }
func check() error                 { return nil }

// A pointer that is filled in one branch and used after it.
func pointer(path string) string {
	var cfg *config
	if path != "" {
		cfg, err := load(path) // want `this cfg is a new variable: the one declared at line 21 is read at line 29 without the value assigned here`
		if err != nil {
			return ""
		}
		use(cfg)
	}
	return cfg.name
}

// A map that is made where it was to be assigned, and read as nil.
func nilMap(keys []string) int {
	var m map[string]int
	if len(keys) > 0 {
		m := make(map[string]int) // want `this m is a new variable`
		for i, k := range keys {
			m[k] = i
		}
	}
	return m["a"]
}

// A named result that a return without results hands out.
func namedResult(kind int) (n int) {
	n = 0
	switch kind {
	case 1:
		n, _ = get()
	case 2:
		n := kind * 2 // want `this n is a new variable`
		use(n)
	}
	return
}

// An error that nobody looked at, and the outer one returned instead.
func wrongError() error {
	_, err := get()
	if err != nil {
		return err
	}
	if cond() {
		n, err := get() // want `this err is a new variable`
		if err == nil {
			use(n)
		}
	}
	return err
}

// A guard that reads an error no call can have set.
func guard() (err error) {
	for range 3 {
		n, err := get() // want `this err is a new variable`
		if err != nil {
			break
		}
		use(n)
	}
	if err != nil {
		use("never reached")
	}
	return nil
}

// The value is lost on the next time around.
func loop(pages []string) {
	var blocks []string
	for _, p := range pages {
		if len(blocks) > 0 {
			use(blocks)
		}
		blocks := []string{p} // want `this blocks is a new variable`
		use(blocks[0])
	}
}

// The inner variable gets its value later.
func assignedLater(path string) *config {
	var cfg *config
	if path != "" {
		var cfg *config // want `this cfg is a new variable`
		cfg, _ = load(path)
		use(cfg)
	}
	return cfg
}

// A function literal, and the outer variable never gets a value.
func closure() *config {
	var cfg *config
	each(func() {
		cfg, err := load("") // want `this cfg is a new variable`
		use(cfg, err)
	})
	return cfg
}

func each(f func()) { f() }

// A label does not change what a declaration is.
func labeled() *config {
	var cfg *config
	if cond() {
	again:
		cfg, err := load("") // want `this cfg is a new variable`
		if err != nil {
			goto again
		}
		use(cfg)
	}
	return cfg
}

var _ = []any{context.Background, json.Unmarshal, os.Exit}

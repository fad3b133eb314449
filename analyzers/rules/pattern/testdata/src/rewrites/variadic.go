package rewrites

import (
	"errors"
	"fmt"
	text "strings"

	"rewrites/lib"
)

func variadic(n int, args []any) {
	_ = errors.New(fmt.Sprintf("x"))           // want `^0$`
	_ = errors.New(fmt.Sprintf("%d %d", n, n)) // want `^0$`
	_ = errors.New(fmt.Sprintf("%d", args...)) // want `^0$`
	_ /* want `^0$` */ = errors.New(fmt.Sprintf(
		"%d %d",
		n, // the first
		n,
	))
	lib.Log("x")            // want `^10$`
	lib.Log("x", n)         // want `^10$`
	lib.Log("x", f(), n)    // want `^10$`
	lib.Log(s(), f(), n)    // want `^10-$`
	lib.Log("x", args...)   // want `^10-$`
}

func imports(s string) bool {
	return text.Index(s, /* why */ "x") >= 0 || // want `^1-$`
		text.Index(s, "x" /* why */ + "y") >= 0 // want `^1$`
}

func f() int
func s() string

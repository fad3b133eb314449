// Package crash makes a panic of a pass an error, which names the function that
// panicked. What becomes of the error is up to the caller: gopls goes on without
// the pass, a vettool reports it.
//
// A panic in a goroutine that a pass starts still ends the process, as does
// os.Exit.
package crash

import (
	"fmt"
	"path"
	"reflect"
	"runtime"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Panic is the error of a pass that panicked.
type Panic struct {
	Value any
	Where string // "pkg.function (file.go:1)", or ""
}

func (p *Panic) Error() string {
	if p.Where == "" {
		return fmt.Sprint(p.Value)
	}
	return fmt.Sprintf("%v in %s", p.Value, p.Where)
}

// Run runs a pass, whose panic is a [*Panic].
func Run(run func(*analysis.Pass) (any, error), pass *analysis.Pass) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, &Panic{r, panicked()}
		}
	}()
	return run(pass)
}

// NoResult returns what stands for the result of a pass that has none: the zero
// value of its type.
func NoResult(a *analysis.Analyzer) any {
	if a.ResultType == nil {
		return nil
	}
	return reflect.Zero(a.ResultType).Interface()
}

// panicked returns the function that panicked, for use while recovering.
func panicked() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for unwinding := false; ; {
		frame, more := frames.Next()
		if unwinding && !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf("%s (%s:%d)", frame.Function, path.Base(frame.File), frame.Line)
		}
		unwinding = unwinding || frame.Function == "runtime.gopanic"
		if !more {
			return ""
		}
	}
}

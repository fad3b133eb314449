package crash_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/crash"
)

func fourth(list []int) int { return list[3] }

func TestRun(t *testing.T) {
	failed := errors.New("no")
	for _, tt := range []struct {
		name  string
		run   func(*analysis.Pass) (any, error)
		want  any
		err   string
		where string
	}{
		{"result", func(*analysis.Pass) (any, error) { return 3, nil }, 3, "", ""},
		{"error", func(*analysis.Pass) (any, error) { return nil, failed }, nil, "no", ""},
		{"panic", func(*analysis.Pass) (any, error) { panic("boom") }, nil, "boom", "crash_test.TestRun"},
		{"panic of the runtime", func(*analysis.Pass) (any, error) { return fourth(nil), nil }, nil, "runtime error: index out of range [3]", "crash_test.fourth"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := crash.Run(tt.run, &analysis.Pass{})
			if got != tt.want {
				t.Errorf("result %v, want %v", got, tt.want)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.HasPrefix(err.Error(), tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			p, panicked := errors.AsType[*crash.Panic](err)
			if panicked != (tt.where != "") || panicked && !(strings.Contains(p.Where, tt.where) && strings.Contains(p.Where, "(crash_test.go:")) {
				t.Errorf("panic %+v, want one in %q", p, tt.where)
			}
		})
	}
}

func TestNoResult(t *testing.T) {
	if got := crash.NoResult(&analysis.Analyzer{}); got != nil {
		t.Errorf("without a type: %v", got)
	}
	if got, ok := crash.NoResult(&analysis.Analyzer{ResultType: reflect.TypeFor[*int]()}).(*int); !ok || got != nil {
		t.Errorf("of a pointer: %v, %v", got, ok)
	}
}

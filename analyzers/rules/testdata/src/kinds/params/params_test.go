package params

import (
	"context"
	"testing"
)

func TestFetch(t *testing.T) {} // silent: go test says what it takes

func Testable(n int, ctx context.Context) {} // want `\(ctx\)`

package params

import (
	"context"
	"net/http"

	"kinds/dep"
)

func first(ctx context.Context, n int) {}

func second(n int, ctx context.Context) {} // want `context.Context must be the first parameter of second \(ctx\)`

func unnamed(int, context.Context) {} // want `\(ctx\)`

func misnamed(c context.Context) {} // want `the first parameter of misnamed must be called ctx \(ctx\)`

func ignored(_ context.Context) {} // silent: not used

func without(n int) {} // silent: takes none

type alias = context.Context

func aliased(n int, ctx alias) {} // want `\(ctx\)`

func variadic(n int, ctxs ...context.Context) {} // silent: many

type handler struct{}

func (handler) Handle(name string, ctx context.Context) {} // silent: dep.Handler wants it so

func (handler) Other(name string, ctx context.Context) {} // want `\(ctx\)`

type service interface {
	Serve(name string, ctx context.Context) // want `\(ctx\)`
	dep.Handler                             // silent: declared elsewhere
}

var literal = func(n int, ctx context.Context) {} // silent: a literal

func FetchUser(id int) {} // want `FetchUser must take a context.Context first \(fetch\)`

func FetchAll(ctx context.Context) {}

func (handler) FetchOne(id int) {} // want `FetchOne must take a context.Context first \(fetch\)`

func ServePage(w http.ResponseWriter, r *http.Request) {} // want `\*net/http.Request must be the first parameter of ServePage \(request\)`

func init() {}

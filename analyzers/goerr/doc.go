// Package goerr defines a pass that reports go statements whose error nobody
// can see.
//
// # Analyzer goerr
//
// goerr: find errors that end with their goroutine
//
// A go statement discards what the function returns. If that is an error, the
// program goes on as if nothing had happened:
//
//	go http.ListenAndServe(addr, mux) // the port is taken, and nobody knows
//
// Handle the error where it can be:
//
//	go func() {
//		if err := http.ListenAndServe(addr, mux); !errors.Is(err, http.ErrServerClosed) {
//			log.Fatal(err)
//		}
//	}()
//
// The pass reports a call of anything that returns an error: functions, methods,
// function values, and literals such as
//
//	go func() error { ... }()
//
// A literal that returns nothing is reported if the last thing it does is to
// serve, listen, run or start something, and drop the error:
//
//	go func() {
//		defer wg.Done()
//		srv.Serve(l)
//	}()
//
// and so is one that is passed to the Go method of a sync.WaitGroup.
//
// To drop an error on purpose, say so: _ = srv.Serve(l) is silent.
//
// It is silent as well for what is commonly done without looking: Close, Shutdown,
// Wait and other ends, deadlines, and copying, reading and writing, where the
// other side notices. It is silent for functions of the package that return no
// error but nil, those of contexts, and what such functions return, and for those
// that log, send or keep an error before they return. Tests, what imports testing,
// and packages with a name like httptest are silent, because a test fails anyway
// if its server does not come up. So are generated files.
//
// There is no fix: what is to be done with the error only the author knows, and a
// literal around the call would evaluate the arguments later.
//
// The pass does not look into functions of other packages. Of those it reports what
// serves or listens, what runs something at an address, and commands: their
// errors are not that somebody asked them to stop.
package goerr

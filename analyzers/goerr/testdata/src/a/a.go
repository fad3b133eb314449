package a

import (
	"context"
	"database/sql"
	"dep"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os/exec"
	"sync"
)

func servers(srv *http.Server, l net.Listener, h http.Handler) {
	go srv.Serve(l)                    // want `the go statement discards the error of srv.Serve; handle it inside the goroutine`
	go http.ListenAndServe(":8080", h) // want `discards the error of http.ListenAndServe`
	go func() {
		srv.Serve(l) // want `the goroutine ends and discards the error of srv.Serve; handle it, or assign it to _`
	}()
	go func() {
		_ = srv.Serve(l) // silent: on purpose
	}()
	go func() {
		if err := srv.Serve(l); err != nil { // silent: handled
			log.Print(err)
		}
	}()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		log.Print("serving")
		http.ListenAndServe(":8081", nil) // want `discards the error of http.ListenAndServe`
	}()
	go func() {
		srv.Serve(l) // silent: more follows, which may ask the server
		log.Print("served")
	}()
}

func groups(wg *sync.WaitGroup, srv *http.Server, l net.Listener, g group) {
	wg.Go(func() {
		http.Serve(l, nil) // want `the goroutine ends and discards the error of http.Serve; handle it, or assign it to _`
	})
	wg.Go(func() {
		_ = srv.Serve(l) // silent: on purpose
	})
	wg.Go(func() {
		srv.Close() // silent: nobody looks
	})
	g.Go(func() {
		srv.Serve(l) // silent: who knows when that runs
	})
	wg.Go(nil)
}

type group struct{}

func (group) Go(func()) {}

type worker struct {
	err  error
	errs chan error
}

func (w *worker) poll(ctx context.Context) error {
	return fmt.Errorf("polling: %w", ctx.Err())
}

func (w *worker) both() (int, error) { return 0, errors.New("both") }

func (w *worker) keep() error {
	w.err = errors.New("kept")
	return w.err
}

func (w *worker) send() error {
	err := errors.New("sent")
	w.errs <- err
	return err
}

func (w *worker) logs() (err error) {
	defer func() {
		if err != nil {
			log.Print("worker: ", err)
		}
	}()
	return errors.New("logged")
}

func (w *worker) logsText() error {
	err := errors.New("logged")
	log.Print(err.Error())
	return err
}

func (w *worker) never() error { return nil }

func (w *worker) untilDone(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func (w *worker) untilDone2(ctx context.Context) error { return w.untilDone(ctx) }

func (w *worker) keeps2() error { return w.keep() }

func (w *worker) untilDone3(ctx context.Context) error {
	if err := w.untilDone(ctx); err != nil {
		return err
	}
	return nil
}

func (w *worker) untilDone4(ctx context.Context) error {
	var err error
	select {
	case <-ctx.Done():
		err = ctx.Err()
	case w.errs <- nil:
		err = w.untilDone(ctx)
	}
	return err
}

func (w *worker) untilAllDone(a, b context.Context) error {
	<-a.Done()
	return errors.Join(a.Err(), context.Cause(b), nil)
}

func (w *worker) untilDoneOr(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		err = w.poll(ctx)
	}
	return err
}

func (w *worker) joins(ctx context.Context) error {
	return errors.Join(ctx.Err(), w.poll(ctx))
}

func (w *worker) joinsAll(errs []error) error { return errors.Join(errs...) }

func (w *worker) given(err error) error { return err }

func (w *worker) received() error {
	err := <-w.errs
	return err
}

func (w *worker) ranged(ctx context.Context, errs []error) error {
	err := ctx.Err()
	for _, err = range errs {
	}
	return err
}

func (w *worker) byAddress(ctx context.Context) error {
	err := ctx.Err()
	p := &err
	*p = errors.New("by address")
	return err
}

func (w *worker) recurse(n int) error { return w.recurse(n - 1) }

func methods(w *worker, ctx context.Context) {
	go w.poll(ctx)              // want `discards the error of w.poll`
	go w.both()                 // want `discards the error of w.both`
	go w.keep()                 // silent: kept in a field
	go w.keeps2()               // silent: the same
	go w.send()                 // silent: sent
	go w.logs()                 // silent: logged
	go w.logsText()             // silent: logged
	go w.never()                // silent: there is none
	go w.untilDone(ctx)         // silent: only that the context is done
	go w.untilDone2(ctx)        // silent: the same
	go w.recurse(1)             // want `discards the error of w.recurse`
	go w.untilDone3(ctx)        // silent: the same, by way of a variable
	go w.untilDone4(ctx)        // silent: the same
	go w.untilAllDone(ctx, ctx) // silent: contexts, and nothing else
	go w.untilDoneOr(ctx)       // want `discards the error of w.untilDoneOr`
	go w.joins(ctx)             // want `discards the error of w.joins`
	go w.joinsAll(nil)          // want `discards the error of w.joinsAll`
	go w.given(nil)             // want `discards the error of w.given`
	go w.received()             // want `discards the error of w.received`
	go w.ranged(ctx, nil)       // want `discards the error of w.ranged`
	go w.byAddress(ctx)         // want `discards the error of w.byAddress`
}

type runner interface{ Run() error }

func values(r runner, f func() error, fs []func() error) {
	go r.Run()        // want `discards the error of r.Run`
	go f()            // want `discards the error of f`
	go fs[0]()        // want `discards the error of fs\[0\]`
	go (f)()          // want `discards the error of \(f\)`
	go func() error { // want `discards the error of the function literal`
		if err := f(); err != nil {
			return fmt.Errorf("f: %w", err)
		}
		return nil
	}()
	go func() error { // silent: logged
		err := f()
		if err != nil {
			log.Print(err)
		}
		return err
	}()
	go func() (err error) { // silent: done gets it
		defer done(&err)
		return f()
	}()
	go func() error { return nil }() // silent: there is none
	go func() { f() }()              // silent: an error that is dropped is errcheck's to find
	go try[int](nil)                 // want `discards the error of try\[int\]`
}

func foreign(ctx context.Context, d *dep.Manager, c io.Seeker) {
	go c.Seek(0, 0)                          // silent: a method of an interface elsewhere
	go d.Run(ctx)                            // silent: it ends when it is told to
	go d.RunAt(":8080")                      // want `discards the error of d.RunAt`
	go d.ListenAndWait()                     // want `discards the error of d.ListenAndWait`
	go dep.Poll(func() error { return nil }) // silent: it ends when it is told to
}

func done(err *error) { log.Print(*err) }

func try[T any](f func() (T, error)) error {
	_, err := f()
	return err
}

func ends(ctx context.Context, srv *http.Server, s session, tx *sql.Tx) {
	go srv.Shutdown(ctx) // silent: the end of something
	go s.Disconnect()    // silent: the same
	go s.Unlock()        // silent: the same
	go tx.Rollback()     // silent: the same
	go s.Begin()         // want `discards the error of s.Begin`
}

type session interface {
	Disconnect() error
	Unlock() error
	Begin() error
}

func bestEffort(c net.Conn, cmd *exec.Cmd, r io.Reader, w io.WriteCloser) {
	go c.Close()        // silent: nobody needs it any more
	go cmd.Wait()       // silent: only to reap it
	go io.Copy(w, r)    // silent: both ends notice
	go w.Write(nil)     // silent: the reader notices
	go fmt.Println("x") // silent: nobody ever looks
	go cmd.Run()        // want `discards the error of cmd.Run`
}

func nothing() {
	go log.Print("x") // silent: there is no error
	go func() {}()    // silent: the same
}

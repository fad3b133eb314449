package a

import (
	"context"
	"errors"
	"log"
	"net"
	"time"
)

func attempts() error {
	for i := 0; i < 10; i++ { // silent: ten attempts
		if err := ping(); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return errBusy
}

func countedDown() error {
	left := 10
	for {
		err := ping() // silent: the number of attempts ends the loop
		if err == nil || left == 0 {
			return err
		}
		left--
		time.Sleep(time.Second)
	}
}

func countedInSwitch() error {
	for i := 0; ; i++ {
		err := ping()
		switch {
		case err == nil:
			return nil
		case i > 3: // silent: and here
			return err
		default:
			time.Sleep(time.Second)
		}
	}
}

func deadline() error {
	end := time.Now().Add(time.Minute)
	for {
		err := ping() // silent: a clock ends the loop
		if err == nil {
			return nil
		}
		if time.Now().After(end) {
			return err
		}
		time.Sleep(time.Second)
	}
}

func deadlineInCondition() {
	for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(time.Second) { // silent: a clock ends the loop
		if ping() == nil {
			return
		}
	}
}

func selected(ctx context.Context) error {
	for {
		err := ping() // silent: the context ends the loop
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func asked(ctx context.Context) {
	for ctx.Err() == nil { // silent: the context ends the loop
		if ping() == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

func passed(ctx context.Context) error {
	for {
		err := query(ctx)
		if err == nil || !isTemp(err) { // silent: the end of ctx is an error that leaves
			return err
		}
		time.Sleep(time.Second)
	}
}

func ended() error {
	for {
		err := ping()
		if err == nil || errors.Is(err, context.Canceled) { // silent: asks for the end of a context
			return err
		}
		time.Sleep(time.Second)
	}
}

func flag() {
	for {
		if stopped() { // silent: something else can end the loop
			return
		}
		if err := ping(); err == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

func otherError(ctx context.Context) error {
	for {
		err := ping()
		if err == nil {
			return nil
		}
		if err = sleep(ctx, time.Second); err != nil { // silent: the error of the sleep ends the loop
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

type backoff struct{ n int }

func (b *backoff) allows(error) bool { b.n++; return b.n < 3 }

func stateful(b *backoff) error {
	for {
		err := ping()
		if err == nil || !b.allows(err) { // silent: b may count
			return err
		}
		time.Sleep(time.Second)
	}
}

func worker() {
	for {
		if err := ping(); err != nil { // silent: goes on after success as well
			log.Print(err)
		}
		time.Sleep(time.Second)
	}
}

func consumer() {
	for {
		n, err := get() // silent: a success is followed by the next
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		if n == 0 {
			return
		}
		use(n)
	}
}

func reconnects(addr string) {
	for {
		conn, err := net.Dial("tcp", addr) // silent: goes on when the connection has ended
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		handle(conn)
	}
}

func accepts(l net.Listener) error {
	for {
		conn, err := l.Accept() // silent: a server accepts for as long as it runs
		if err != nil {
			if isTemp(err) {
				time.Sleep(time.Millisecond)
				continue
			}
			return err
		}
		go handle(conn)
	}
}

func untilFailure() error {
	for {
		if err := ping(); err != nil { // silent: failure leaves
			return err
		}
		time.Sleep(time.Second)
	}
}

func spins() {
	for {
		if err := ping(); err == nil { // silent: does not sleep, so it is no retry of this kind
			return
		}
	}
}

func polls() {
	for !stopped() { // silent: a bool may as well say that it is time to stop
		time.Sleep(time.Second)
	}
}

func literal() {
	for {
		f := func() error { return ping() } // silent: runs elsewhere
		use(f)
		time.Sleep(time.Second)
	}
}

func rangesWorker(tick *time.Ticker) {
	for range tick.C {
		if err := ping(); err != nil { // silent: goes on after success as well
			log.Print(err)
		}
	}
}

func rangesAttempts(tick *time.Ticker) error {
	n := 0
	for range tick.C {
		err := ping()
		if n++; err == nil || n == 5 { // silent: five attempts
			return err
		}
	}
	return errBusy
}

func rangesChannel(jobs chan string) {
	for job := range jobs { // silent: ends with the channel
		if send(job) == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

func attemptsOnly() error {
	for range 3 { // silent: three attempts
		if err := ping(); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return errBusy
}

func exits() {
	n := 0
	for {
		if err := ping(); err == nil {
			return
		} else if n++; n > 3 { // silent: the third failure ends the program
			log.Fatal(err)
		}
		time.Sleep(time.Second)
	}
}

func query(context.Context) error                { return errBusy }
func sleep(context.Context, time.Duration) error { return nil }

package a

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

func forever(addr string) net.Conn {
	for {
		conn, err := net.Dial("tcp", addr) // want `this loop tries net.Dial until it succeeds, for ever if need be: bound the attempts, or wait for a context as well`
		if err == nil {
			return conn
		}
		log.Print(err)
		time.Sleep(time.Second)
	}
}

func inverted(addr string) net.Conn {
	for {
		conn, err := net.Dial("tcp", addr) // want `this loop tries net.Dial`
		if err != nil {
			err = fmt.Errorf("dial %s: %w", addr, err)
			log.Print(err)
			time.Sleep(time.Second)
			continue
		}
		return conn
	}
}

func condition() {
	err := ping()
	for err != nil {
		time.Sleep(time.Second)
		err = ping() // want `this loop tries ping`
	}
}

func callInCondition() {
	for ping() != nil { // want `this loop tries ping`
		time.Sleep(time.Second)
	}
}

func callInIf() {
	for {
		if ping() == nil { // want `this loop tries ping`
			break
		}
		<-time.After(time.Second)
	}
}

// growing waits longer each time, but never gives up.
func growing() {
	delay := time.Second
	for {
		if err := ping(); err == nil { // want `this loop tries ping`
			return
		}
		time.Sleep(delay)
		if delay *= 2; delay > time.Minute {
			delay = time.Minute
		}
	}
}

// counting counts, but only for the log.
func counting() {
	for attempt := 1; ; attempt++ {
		err := ping() // want `this loop tries ping`
		if err == nil {
			return
		}
		log.Printf("attempt %d: %v", attempt, err)
		time.Sleep(time.Second)
	}
}

// answers sleeps first, and has a second way to be told to try again.
func answers() {
	delay := time.Millisecond
	for {
		time.Sleep(delay)
		if delay *= 2; delay >= time.Second {
			delay = time.Second
		}
		n, err := get() // want `this loop tries get`
		if err != nil {
			log.Print(err)
			continue
		}
		if n > 0 {
			return
		}
	}
}

func cancelled(ctx context.Context, client *http.Client, req *http.Request) *http.Response {
	for {
		resp, err := client.Do(req.WithContext(ctx)) // want `this loop tries client.Do until it succeeds, for ever if need be: wait for ctx.Done\(\) as well`
		if err == nil && resp.StatusCode == http.StatusOK {
			return resp
		}
		time.Sleep(time.Second)
	}
}

// breakOfSelect leaves the select, not the loop.
func breakOfSelect(stop chan bool) {
	for {
		if err := ping(); err == nil { // want `this loop tries ping`
			return
		}
		select {
		case <-stop:
			break
		case <-time.After(time.Second):
		}
	}
}

func temporary(l net.Listener) (net.Conn, error) {
	for {
		conn, err := l.Accept() // want `this loop tries l.Accept`
		if err == nil {
			return conn, nil
		}
		var ne net.Error
		if !errors.As(err, &ne) || !ne.Timeout() {
			return nil, err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func sentinel() error {
	for {
		err := ping() // want `this loop tries ping`
		if err != errBusy {
			return err
		}
		time.Sleep(time.Second)
	}
}

func switches() error {
	for {
		_, err := get() // want `this loop tries get`
		switch err {
		case nil:
			return nil
		case io.EOF:
			return err
		}
		time.Sleep(time.Second)
	}
}

func classified() error {
	for {
		_, err := get() // want `this loop tries get`
		switch err := err.(type) {
		case nil:
			return nil
		case *net.OpError:
			return err
		}
		if err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
}

// anyOf tries several, and then all of them again.
func anyOf(addrs []string) net.Conn {
	for {
		for _, addr := range addrs {
			conn, err := net.Dial("tcp", addr) // want `this loop tries net.Dial`
			if err == nil {
				return conn
			}
		}
		time.Sleep(time.Second)
	}
}

func each(jobs []string) {
next:
	for _, job := range jobs {
		for {
			if err := send(job); err == nil { // want `this loop tries send`
				continue next
			}
			time.Sleep(time.Second)
		}
	}
}

func twoSteps() {
	for {
		err := ping()
		if err == nil {
			err = send("x") // want `this loop tries send`
		}
		if err == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

func inGoroutine() {
	go func() {
		tick := time.NewTicker(time.Second)
		for {
			<-tick.C
			if err := ping(); err == nil { // want `this loop tries ping`
				return
			}
		}
	}()
}

func ranges(tick *time.Ticker) {
	for range tick.C {
		if err := ping(); err != nil { // want `this loop tries ping`
			log.Print(err)
			continue
		}
		return
	}
}

func rangesCapped() {
	for range time.Tick(time.Second) {
		for i := 0; i < 3; i++ {
			if ping() == nil { // want `this loop tries ping`
				return
			}
		}
	}
}

func ownSleep(c clock) {
	for {
		if err := ping(); err == nil { // want `this loop tries ping`
			return
		}
		c.Sleep(time.Second)
	}
}

type clock struct{}

func (clock) Sleep(time.Duration) {}

var errBusy = errors.New("busy")

func ping() error         { return errBusy }
func send(string) error   { return errBusy }
func get() (int, error)   { return 0, errBusy }
func use(...any)          {}
func handle(net.Conn)     {}
func stopped() bool       { return false }
func isTemp(e error) bool { return e == errBusy }

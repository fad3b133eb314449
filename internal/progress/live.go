package progress

import (
	"io"
	"sync"
	"time"
)

// Live shows line, again and again, as the last one of a terminal. The first
// time is after a moment, so that what is over at once shows nothing. stop removes
// it, and returns when that is done. Where w is no terminal, nothing is shown.
func Live(w io.Writer, line func() string) (stop func()) {
	if !IsTerminal(w) {
		return func() {}
	}
	d := &Display{w: w, live: true}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				d.draw(line())
			case <-end:
				if d.width > 0 {
					d.draw("")
				}
				return
			}
		}
	}()
	return sync.OnceFunc(func() { close(end); <-ended })
}

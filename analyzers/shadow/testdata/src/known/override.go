package known

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"time"
)

// What failed has no other result: silent, in all of these.

func port(s string) int {
	port := 8080
	if port, err := strconv.Atoi(s); err == nil {
		return port
	}
	return port
}

func wait(s string) time.Duration {
	wait := time.Second
	if wait, err := time.ParseDuration(s); err == nil {
		return wait
	}
	return wait
}

func name() string {
	name := "nobody"
	if name, ok := os.LookupEnv("NAME"); ok {
		return name
	}
	return name
}

func content(p string) (data []byte, err error) {
	data = []byte("{}")
	if data, err := os.ReadFile(p); err == nil {
		return data, nil
	}
	return data, nil
}

func either(p string) ([]byte, error) {
	var data []byte
	var err error
	if data, err := os.ReadFile(p); err == nil {
		return data, nil
	}
	data, err = os.ReadFile(p + ".default")
	return data, err
}

// Whoever goes on as if nothing had happened has given the error up.

func bestEffort(p string) error {
	var err error
	if cache, err := os.Open(p); err == nil { // silent: there may be no cache
		defer cache.Close()
		use(cache)
	}
	if size, err := strconv.Atoi(p); err == nil && size > 0 { // silent: more is asked than that
		use(size)
	}
	return err
}

func bestEffortTested(p string) error {
	_, err := download(p)
	if err != nil {
		return err
	}
	if cache, err := os.Open(p); err == nil { // silent: the outer one is nil
		use(cache)
	}
	return err
}

// What follows runs only for the error, and returns another.
func onlyError(p string) (*os.File, error) {
	var err error
	if cache, err := os.Open(p); err == nil { // want `this err is a new variable`
		return cache, nil
	}
	return nil, err
}

// Only the error can have been wanted.
func noOtherResult() (err error) {
	if err := check(); err == nil { // want `this err is a new variable`
		use()
	}
	if _, err := download(""); err == nil { // want `this err is a new variable`
		use()
	}
	return
}

// The error is printed, and it is the next one's turn.

func report(list []string) (int, error) {
	var err error
	failed := 0
	for _, s := range list {
		n, err := strconv.Atoi(s) // silent: printed
		if err != nil {
			failed++
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		use(n)
	}
	if failed > 0 {
		_, err = os.Stat("list")
	}
	return failed, err
}

func reportLast(list []string) error {
	var err error
next:
	for i := 0; i < len(list); i++ {
		for range 3 {
			n, err := strconv.Atoi(list[i]) // silent: printed, and nothing follows in the loop
			if err == nil {
				use(n)
			} else {
				log.Print("parsing: ", err.Error())
			}
		}
		for range 3 {
			_, err := strconv.Atoi(list[i]) // silent: the next turn of the outer loop
			if err != nil {
				log.Print(err)
				continue next
			}
		}
	}
	return err
}

// Nobody says which error it was.
func count(list []string) (int, error) {
	var err error
	failed := 0
	for _, s := range list {
		n, err := strconv.Atoi(s) // want `this err is a new variable`
		if err != nil {
			failed++
			log.Print("failed")
			continue
		}
		use(n)
	}
	return failed, err
}

// The loop ends, and what follows is likely to be for this error.
func stop(list []string) error {
	var err error
	for _, s := range list {
		n, err := strconv.Atoi(s) // want `this err is a new variable`
		if err != nil {
			log.Print(err)
			break
		}
		use(n)
	}
	return err
}

// The next loop is not the next turn.
func again(s string) error {
	var err error
	if s != "" {
		n, err := strconv.Atoi(s) // want `this err is a new variable`
		if err != nil {
			log.Print(err)
		}
		for cond() {
			use(n)
		}
	}
	return err
}

package known

import (
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

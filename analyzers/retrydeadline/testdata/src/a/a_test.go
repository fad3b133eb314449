package a

import (
	"testing"
	"time"
)

func TestPing(t *testing.T) {
	for ping() != nil { // silent: go test ends it
		time.Sleep(time.Second)
	}
}

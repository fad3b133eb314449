//go:build !unix

package recall

import (
	"errors"
	"hash"
	"time"
)

// snapshot needs the times at which files changed.
type snapshot struct {
	hash     hash.Hash
	roots    []string
	youngest time.Time
	entries  int
}

func (s *snapshot) folder(string) error {
	return errors.New("this system does not tell when a file changed")
}

package sharedcache

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Stats count what go commands asked for, by who had it, and what they made.
type Stats struct {
	Local      int   `json:"local"`  // was on this machine
	Taken      int   `json:"taken"`  // came from the server
	Missed     int   `json:"missed"` // was nowhere
	TakenBytes int64 `json:"takenBytes"`

	Made  int `json:"made"`  // was put into the cache here
	Given int `json:"given"` // reached the server

	CPU time.Duration `json:"cpu"` // of the cache programs; the go command does not count it as its own

	// Why nothing was asked of, or given to, the server any more.
	AskingEnded string `json:"askingEnded,omitempty"`
	GivingEnded string `json:"givingEnded,omitempty"`
}

// appendTo adds a line to a file. Each go command writes one.
func (s *Stats) appendTo(file string) error {
	line, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// ReadStats adds up what the go commands left in a file.
func ReadStats(file string) (sum Stats, err error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return sum, nil // all were ended before they came to it
	}
	if err != nil {
		return sum, err
	}
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var s Stats
		if err := dec.Decode(&s); errors.Is(err, io.EOF) {
			return sum, nil
		} else if err != nil {
			return sum, fmt.Errorf("reading what was shared: %w", err)
		}
		sum.Local += s.Local
		sum.Taken += s.Taken
		sum.Missed += s.Missed
		sum.TakenBytes += s.TakenBytes
		sum.Made += s.Made
		sum.Given += s.Given
		sum.CPU += s.CPU
		if s.AskingEnded != "" {
			sum.AskingEnded = s.AskingEnded
		}
		if s.GivingEnded != "" {
			sum.GivingEnded = s.GivingEnded
		}
	}
}

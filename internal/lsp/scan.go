package lsp

import (
	"encoding/json"
	"errors"
	"fmt"
)

var errTruncated = errors.New("unexpected end of JSON")

// members calls f for each member of the JSON object in data.
//
// It finds where a value ends and does not check what is in it. encoding/json
// validates every byte before it hands out a RawMessage, and does so again in
// each layer that unmarshals; a proxy needs neither.
func members(data []byte, f func(name string, value []byte) error) error {
	s := scanner{data: data}
	if s.space() != '{' {
		return errors.New("not a JSON object")
	}
	s.pos++
	if s.space() == '}' {
		return s.end()
	}
	for {
		if s.space() != '"' {
			return s.unexpected("a member name")
		}
		quoted, err := s.value()
		if err != nil {
			return err
		}
		var name string
		if err := json.Unmarshal(quoted, &name); err != nil {
			return err
		}
		if s.space() != ':' {
			return s.unexpected("a colon")
		}
		s.pos++
		s.space()
		value, err := s.value()
		if err != nil {
			return err
		}
		if err := f(name, value); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
		switch s.space() {
		case ',':
			s.pos++
		case '}':
			return s.end()
		default:
			return s.unexpected("a comma")
		}
	}
}

type scanner struct {
	data []byte
	pos  int
}

// space skips white space and returns the byte after it, or 0 at the end.
func (s *scanner) space() byte {
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// end checks that nothing but space follows the last bracket.
func (s *scanner) end() error {
	s.pos++
	s.space()
	if s.pos < len(s.data) {
		return s.unexpected("the end")
	}
	return nil
}

func (s *scanner) unexpected(want string) error {
	if s.pos >= len(s.data) {
		return errTruncated
	}
	return fmt.Errorf("found %q at offset %d instead of %s", s.data[s.pos], s.pos, want)
}

// value skips one value and returns it.
func (s *scanner) value() ([]byte, error) {
	start, depth := s.pos, 0
	for {
		if s.pos >= len(s.data) {
			return nil, errTruncated
		}
		switch s.data[s.pos] {
		case '"':
			if err := s.str(); err != nil {
				return nil, err
			}
		case '{', '[':
			depth++
			s.pos++
			continue
		case '}', ']':
			if depth == 0 {
				return nil, s.unexpected("a value")
			}
			depth--
			s.pos++
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return nil, s.unexpected("a value")
			}
			s.pos++
			continue
		default:
			s.literal()
		}
		if depth == 0 {
			return s.data[start:s.pos:s.pos], nil
		}
	}
}

// str skips a string.
func (s *scanner) str() error {
	for i := s.pos + 1; i < len(s.data); i++ {
		switch s.data[i] {
		case '\\':
			i++
		case '"':
			s.pos = i + 1
			return nil
		}
	}
	return errTruncated
}

// literal skips a number, true, false or null.
func (s *scanner) literal() {
	for ; s.pos < len(s.data); s.pos++ {
		switch s.data[s.pos] {
		case '"', '{', '[', '}', ']', ',', ':', ' ', '\t', '\r', '\n':
			return
		}
	}
}

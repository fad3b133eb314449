package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

var errTruncated = errors.New("unexpected end of JSON")

// members calls f for each member of the JSON object in data.
func members(data []byte, f func(name string, value []byte) error) error {
	return spans(data, func(name string, start, end int) error {
		return f(name, data[start:end:end])
	})
}

// spans is members with the places of the values.
//
// It finds where a value ends and does not check what is in it. encoding/json
// validates every byte before it hands out a RawMessage, and does so again in
// each layer that unmarshals; a proxy needs neither.
func spans(data []byte, f func(name string, start, end int) error) error {
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
		start := s.pos
		if _, err := s.value(); err != nil {
			return err
		}
		if err := f(name, start, s.pos); err != nil {
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

// Member returns the value of a member of the JSON object in data, or nil if
// there is none. Like everything here it looks no further than it must.
func Member(data []byte, name string) json.RawMessage {
	var found json.RawMessage
	if members(data, func(n string, value []byte) error {
		if n == name {
			found = value
		}
		return nil
	}) != nil {
		return nil
	}
	return found
}

// SetMember returns the JSON object in data with a member set, all other bytes
// as they were.
func SetMember(data []byte, name string, value json.RawMessage) (json.RawMessage, error) {
	start, end, empty := -1, 0, true
	if err := spans(data, func(n string, from, to int) error {
		empty = false
		if n == name {
			start, end = from, to
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if start >= 0 {
		return slices.Concat(data[:start], value, data[end:]), nil
	}
	end = bytes.LastIndexByte(data, '}')
	key, err := json.Marshal(name)
	if err != nil {
		return nil, err
	}
	if !empty {
		key = append([]byte{','}, key...)
	}
	return slices.Concat(data[:end], key, []byte{':'}, value, data[end:]), nil
}

package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/gohearth/hearth/internal/hint"
)

const again = `write one with "hearth bench lsp --json > FILE"`

// Read reads a report from a JSON file. The error names the file, the place in
// it, and what to do: a gate that compares with half a report compares with
// nothing.
func Read(file string) (*Report, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}
	r, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("reading the report %q: %w", file, err)
	}
	return r, nil
}

func parse(data []byte) (*Report, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, hint.Add(errors.New("it is empty"), again)
	}
	// The schema first: of another one, every other complaint is beside the point.
	var version struct {
		Schema   *int            `json:"schema"`
		Commands json.RawMessage `json:"commands"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, syntax(data, err)
	}
	switch {
	case version.Schema == nil && version.Commands != nil:
		return nil, hint.Add(fmt.Errorf("it is of schema 1, this hearth reads %d", Schema), again)
	case version.Schema == nil:
		return nil, hint.Add(errors.New(`it has no "schema", so it is no report of hearth bench lsp`), again)
	case *version.Schema > Schema:
		return nil, hint.Add(fmt.Errorf("it is of schema %d, this hearth reads %d", *version.Schema, Schema), "use the hearth that wrote it, or a later one")
	case *version.Schema < Schema:
		return nil, hint.Add(fmt.Errorf("it is of schema %d, this hearth reads %d", *version.Schema, Schema), again)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	r := new(Report)
	if err := dec.Decode(r); err != nil {
		return nil, syntax(data, err)
	}
	if err := r.check(); err != nil {
		return nil, hint.Add(err, again)
	}
	return r, nil
}

// syntax says where in data an error of package json is.
func syntax(data []byte, err error) error {
	at := func(offset int64) string {
		before := data[:min(max(offset, 0), int64(len(data)))]
		return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n'))
	}
	if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
		if bad.Offset >= int64(len(data)) {
			return hint.Add(fmt.Errorf("%s: it ends in the middle", at(bad.Offset)), again)
		}
		return hint.Add(fmt.Errorf("%s: it is no JSON: %w", at(bad.Offset), err), again)
	}
	if bad, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := bad.Field
		if field == "" {
			return hint.Add(fmt.Errorf("%s: a report is an object, not of the type %s", at(bad.Offset), bad.Value), again)
		}
		return hint.Add(fmt.Errorf("%s: %q is of the type %s, and cannot be %s", at(bad.Offset), field, bad.Type, bad.Value), again)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return hint.Add(fmt.Errorf("%s: it ends in the middle", at(int64(len(data)))), again)
	}
	return hint.Add(err, again) // an unknown field, or a date that is none
}

// check finds what has the form of a report but can't be one.
func (r *Report) check() error {
	if len(r.Metrics) == 0 {
		return errors.New(`"metrics" is empty`)
	}
	if len(r.A.Command) == 0 || r.B != nil && len(r.B.Command) == 0 {
		return errors.New(`a "command" is empty`)
	}
	seen := make(map[key]bool)
	for i, m := range r.Metrics {
		where := fmt.Sprintf("metrics[%d] (%s, %s)", i, m.Scenario, m.Name)
		switch {
		case m.Scenario == "" || m.Name == "":
			return fmt.Errorf("metrics[%d] has no scenario or no name", i)
		case m.Unit != Seconds && m.Unit != Bytes && m.Unit != Requests:
			return fmt.Errorf("%s: there is no unit %q", where, m.Unit)
		case seen[m.key()]:
			return fmt.Errorf("%s comes twice", where)
		case m.A == nil && m.B == nil:
			return fmt.Errorf("%s has neither a nor b", where)
		case m.B != nil && r.B == nil:
			return fmt.Errorf("%s has a b, but the report has none", where)
		}
		seen[m.key()] = true
		if err := m.A.check(); err != nil {
			return fmt.Errorf("%s: a: %w", where, err)
		}
		if err := m.B.check(); err != nil {
			return fmt.Errorf("%s: b: %w", where, err)
		}
	}
	return nil
}

func (f *Figure) check() error {
	switch {
	case f == nil:
		return nil
	case len(f.Samples) == 0:
		return errors.New(`"samples" is empty`)
	case f.N != len(f.Samples):
		return fmt.Errorf(`"n" is %d, but there are %d samples`, f.N, len(f.Samples))
	case len(f.Rounds) != len(f.Samples):
		return fmt.Errorf(`"rounds" has %d numbers for %d samples`, len(f.Rounds), len(f.Samples))
	}
	for i, x := range f.Samples {
		if x < 0 || math.IsInf(x, 0) {
			return fmt.Errorf("samples[%d] is %v", i, x)
		}
	}
	return nil
}

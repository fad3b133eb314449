// Package baseline keeps the findings that a repository had when it began to be
// strict, so that only later ones count.
//
// A baseline is a JSON file with one finding a line, sorted, so that branches
// that change it merge. A finding is known by its file, analyzer, message and
// the text of its line, never by its line number: code above may come and go.
// Of findings that agree in all that, as many are known as the file lists. One
// whose file was renamed, or whose code moved to another file of the package,
// is known by the rest.
//
// It is not for findings that are right to be there: those have suppression
// comments and exceptions, with a reason.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/lazyregexp"
	"github.com/gohearth/hearth/internal/vet"
)

// Name is what a baseline is called unless somebody says otherwise.
const Name = "hearth.baseline.json"

// Entry is a known finding.
type Entry struct {
	File     string `json:"file"` // relative to the workspace root, with slashes
	Analyzer string `json:"analyzer"`
	Code     string `json:"code,omitempty"`
	Message  string `json:"message"`
	Source   string `json:"source"` // its line, with single blanks
}

// elsewhere returns the key of an entry without its file.
func (e Entry) elsewhere() Entry {
	e.File = ""
	return e.key()
}

func (e Entry) compare(f Entry) int {
	return cmp.Or(cmp.Compare(e.File, f.File), cmp.Compare(e.Analyzer, f.Analyzer), cmp.Compare(e.Code, f.Code),
		cmp.Compare(e.Message, f.Message), cmp.Compare(e.Source, f.Source))
}

// Read reads a baseline.
func Read(file string) ([]Entry, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint.Add(fmt.Errorf("baseline %q: %w", file, fs.ErrNotExist), "run hearth vet --write-baseline=%s", filepath.Base(file))
	} else if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	list, line, err := decode(data)
	if err != nil {
		return nil, hint.Add(fmt.Errorf("%s:%d: not a baseline: %w", file, line, err),
			"mend the line, or remove the file and run hearth vet --write-baseline=%s", filepath.Base(file))
	}
	return list, nil
}

// document is a baseline file.
type document struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// decode reads a baseline. line is where it is wrong.
func decode(data []byte) (list []Entry, line int, err error) {
	lineAt := func(offset int64) int {
		return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
	}
	var d document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		offset := dec.InputOffset()
		if e, ok := errors.AsType[*json.SyntaxError](err); ok {
			offset = e.Offset - 1 // it is the byte read last
		} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			offset = e.Offset
		} else if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			offset = int64(bytes.Index(data, []byte(name)))
		} else {
			offset, err = int64(len(data)), errors.New("it ends too early")
		}
		return nil, lineAt(offset), err
	}
	if d.Version != 1 {
		return nil, 1, fmt.Errorf("its version is %d, and this hearth reads version 1", d.Version)
	}
	if rest := bytes.TrimSpace(data[dec.InputOffset():]); len(rest) > 0 {
		return nil, lineAt(int64(bytes.LastIndex(data, rest))), errors.New("there is text after its end")
	}
	for i, e := range d.Findings {
		if e.File == "" || e.Analyzer == "" || e.Message == "" {
			return nil, lineAt(entryOffset(data, i)), errors.New("a finding without a file, an analyzer or a message")
		}
	}
	return d.Findings, 0, nil
}

// entryOffset returns where finding i begins. Write puts each on a line.
func entryOffset(data []byte, i int) int64 {
	dec := json.NewDecoder(bytes.NewReader(data))
	for depth := 0; ; {
		at := dec.InputOffset()
		t, err := dec.Token()
		if err != nil {
			return at
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth == 3 {
				if i--; i < 0 {
					return dec.InputOffset()
				}
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

// Write writes a baseline, which need not be sorted.
func Write(file string, list []Entry) error {
	data, err := encode(list)
	if err != nil {
		return err
	}
	return atomicfile.Write(file, data, 0o644)
}

func encode(list []Entry) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n  \"version\": 1,\n  \"findings\": [")
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // code is full of < and &
	for i, e := range slices.SortedFunc(slices.Values(list), Entry.compare) {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n    ")
		if err := enc.Encode(e); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // Encode ends with a line break
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}

// Of returns the entries of findings.
func Of(findings []vet.Diagnostic, src *vet.Sources) []Entry {
	list := make([]Entry, len(findings))
	for i, d := range findings {
		list[i] = Entry{d.File, d.Analyzer, d.Code, d.Message, strings.Join(strings.Fields(src.Line(d.File, d.Line)), " ")}
	}
	return list
}

// key returns what an entry is compared by. Of the numbers in messages many are
// those of lines, as in "the one declared at line 6"; fingerprints leave them out
// as well.
func (e Entry) key() Entry {
	e.Message = number().ReplaceAllString(e.Message, "0")
	return e
}

var number = lazyregexp.New(`[0-9]+`)

// A Match says what a baseline and findings have in common.
type Match struct {
	Known []bool         // by finding
	Stale []int          // indexes of entries that no finding has, though their files were looked at
	Moved map[int]string // by index of an entry: the file in which its finding is now
}

// Places says what became of the files of entries that are not found.
type Places interface {
	Has(file string) bool    // it was looked at, or is gone
	Exists(file string) bool // it is there
}

// Compare finds the entries of a baseline for findings, each at most once.
// places is called if some are left over.
func Compare(list, findings []Entry, places func() (Places, error)) (Match, error) {
	m := Match{Known: make([]bool, len(findings)), Moved: make(map[int]string)}
	here := make(map[Entry][]int)
	for i, e := range list {
		here[e.key()] = append(here[e.key()], i)
	}
	for i, f := range findings {
		if at := here[f.key()]; len(at) > 0 {
			m.Known[i], here[f.key()] = true, at[1:]
		}
	}
	var left []int
	for _, at := range here {
		left = append(left, at...)
	}
	if len(left) == 0 {
		return m, nil
	}
	slices.Sort(left)
	p, err := places()
	if err != nil {
		return Match{}, err
	}
	m.follow(list, left, findings, p)
	for _, i := range left {
		if _, moved := m.Moved[i]; !moved && p.Has(list[i].File) {
			m.Stale = append(m.Stale, i)
		}
	}
	return m, nil
}

// follow finds, of the entries that are left, those whose findings are in another file than they say.
// A file of the same folder counts if the old one was looked at, any other if
// the old one is gone: a finding like one that is still elsewhere is new.
func (m *Match) follow(list []Entry, left []int, findings []Entry, p Places) {
	elsewhere := make(map[Entry][]int)
	for _, i := range left {
		e := list[i].elsewhere()
		elsewhere[e] = append(elsewhere[e], i)
	}
	for i, f := range findings {
		if m.Known[i] {
			continue
		}
		key := f.elsewhere()
		j := slices.IndexFunc(elsewhere[key], func(k int) bool {
			old := list[k].File
			return !p.Exists(old) || path.Dir(old) == path.Dir(f.File) && p.Has(old)
		})
		if j >= 0 {
			k := elsewhere[key][j]
			m.Known[i], m.Moved[k] = true, f.File
			elsewhere[key] = slices.Delete(elsewhere[key], j, j+1)
		}
	}
}

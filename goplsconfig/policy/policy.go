// Package policy holds the resolved policy: the part of hearth.yaml that
// decides which diagnostics exist.
//
// It is the one type that both doors share. [goplsconfig] writes it as JSON
// beside the binaries of a bound toolchain; gopls and the vettool read it from
// there when they start. The package depends on the standard library alone,
// because it is compiled into gopls together with the analyzers.
//
// A Policy is immutable once resolved and safe for concurrent use.
package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// FileName is the name of the policy that lies beside a bound binary.
const FileName = "policy.json"

// Severities in descending order, as LSP names them.
const (
	Error       = "error"
	Warning     = "warning"
	Information = "information"
	Hint        = "hint"
)

// Severities lists every valid severity, worst first.
var Severities = []string{Error, Warning, Information, Hint}

// Policy is what decides the answers of both doors.
type Policy struct {
	// Analyzers says of analyzers by name whether they run and how their
	// findings rank. goplsconfig fills in every analyzer of the toolchain;
	// an analyzer that is missing here keeps its own default.
	Analyzers map[string]Analyzer `json:"analyzers"`

	// ShadowIgnore holds names of variables that the shadow passes leave alone.
	ShadowIgnore []string `json:"shadowIgnore,omitempty"`

	// Rules are the team's own rules, in the order of the policy files.
	Rules []Rule `json:"rules,omitempty"`

	// Suppress says how findings may be silenced.
	Suppress Suppress `json:"suppress,omitzero"`
}

// Analyzer is the state of one analyzer.
type Analyzer struct {
	Enabled  bool   `json:"enabled"`
	Severity string `json:"severity,omitempty"` // empty: the analyzer's own
}

// Suppress says who may silence a finding. The zero value lets any comment in
// the code that gives a reason.
type Suppress struct {
	ForbidInline   bool        `json:"forbidInline,omitempty"`   // comments suppress nothing
	ReasonOptional bool        `json:"reasonOptional,omitempty"` // they need not give a reason
	Exceptions     []Exception `json:"exceptions,omitempty"`
}

// Exception is an entry of the policy's own list of what is suppressed. Those
// that have expired are not in a resolved policy.
type Exception struct {
	// Analyzers holds names, patterns and groups as in a suppression comment.
	Analyzers []string `json:"analyzers"`

	In    []string `json:"in,omitempty"`    // package path patterns; empty means every package
	Files []string `json:"files,omitempty"` // patterns of base names, as path.Match has them; empty means every file

	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	Expires string `json:"expires"` // the last day, as 2006-01-02, or Never
}

// Never is the Expires of an exception that stays.
const Never = "never"

// Digest returns a hash of all that the policy decides, as hex.
func (p *Policy) Digest() string { return digest(p) }

// FindingsDigest returns a hash of what decides which findings there are, but not
// how they rank: that is said of them afterwards, and so a change of it leaves
// what go vet keeps as it is.
func (p *Policy) FindingsDigest() string {
	q := *p
	q.Analyzers, q.Rules = make(map[string]Analyzer), unranked(p.Rules)
	for name, a := range p.Analyzers {
		q.Analyzers[name] = Analyzer{Enabled: a.Enabled}
	}
	return digest(q)
}

// unranked returns rules without what only tells of their findings.
func unranked(rules []Rule) []Rule {
	rules = slices.Clone(rules)
	for i := range rules {
		rules[i].Severity, rules[i].Owner, rules[i].Since = "", "", ""
	}
	return rules
}

// RulesDigest returns a hash of the rules alone, as far as they decide what is
// found. It is what the rules analyzer mixes into gopls's cache key, so that
// switching another analyzer on or off leaves that cache warm.
func (p *Policy) RulesDigest() string { return digest(unranked(p.Rules)) }

// LayersDigest returns a hash of what decides the chains of imports that rules
// about layers look for, which are computed for dependencies as well. Who must
// not depend on a component is not part of it.
func (p *Policy) LayersDigest() string {
	type layer struct {
		Components map[string][]string
		Targets    []string
	}
	var layers []layer
	for _, r := range p.Rules {
		if r.Layer != nil && len(r.Layer.MustNotDependOn) > 0 {
			layers = append(layers, layer{r.Layer.Components, r.Layer.Targets()})
		}
	}
	return digest(layers)
}

// Digest returns a hash of what is suppressed, for gopls's cache key.
func (s *Suppress) Digest() string { return digest(s) }

// digest hashes the JSON form: encoding/json sorts map keys, so equal policies
// have equal digests.
func digest(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("policy: marshalling %T: %v", v, err)) // plain data; cannot fail
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Beside returns the policy that lies in the directory of the running
// executable, or an empty policy where there is none, as when gopls is started
// straight from the store. Any other failure is an error: a binary that cannot
// read its policy must not answer as if there were no policy.
//
// The executable is bound by its place rather than by an environment variable,
// since `go vet` and editors pass the environment on in ways that nobody checks.
func Beside() (*Policy, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the policy of this binary: %w", err)
	}
	p, err := Read(filepath.Join(filepath.Dir(exe), FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return &Policy{}, nil
	}
	return p, err
}

// Read reads a policy that [Policy.Marshal] wrote.
func Read(path string) (*Policy, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading policy: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields() // a newer hearth's policy must not be half-obeyed
	var p Policy
	if err := dec.Decode(&p); err != nil {
		return nil, fmt.Errorf("reading policy %q: %w", path, err)
	}
	return &p, nil
}

// Marshal returns the bytes that [Read] reads.
func (p *Policy) Marshal() []byte {
	data, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		panic(fmt.Sprintf("policy: marshalling: %v", err)) // plain data; cannot fail
	}
	return append(data, '\n')
}

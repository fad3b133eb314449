package report

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// RulesSeen is the category of a report that is no finding: its message says what
// the parts of the rules found to apply to in one package, as [Seen] encodes it.
// A vettool makes it with [ShowSuppressed], one for a package, and only for
// packages that the run is about. It goes the way of findings because the go
// command keeps those and gives them out again.
const RulesSeen = "rules-seen"

// Seen says what the parts of each rule found to apply to, in one package or in
// a whole run. It has an element for each rule of the policy, in its order.
//
// After a run, a pattern whose element is false matches no package that was
// analysed, and a symbol that is Missing and not Found does not exist, as far as
// the run can tell. A symbol that is neither belongs to a package that nothing in
// the run imports, so that nothing can be said of it.
type Seen []SeenRule

// SeenRule says it of one rule.
type SeenRule struct {
	// In and Except say of the patterns of the scope, by index, whether they
	// match a package.
	In, Except []bool

	Symbols []SeenSymbol // those of [Symbols], in its order
}

// SeenSymbol says of a symbol whether it is there. In a run both may be true: a
// package as its tests see it has more symbols.
type SeenSymbol struct {
	Symbol  string
	Found   bool // its package has it
	Missing bool // its package, which was loaded as a whole, does not have it
}

// Symbols returns the symbols that a rule names: those of ForbidCall, ForbidType,
// ForbidField, RequireArg and RequireFirstParam, which may end in *, and Fix where
// it is a symbol.
func Symbols(r *policy.Rule) []string {
	list := slices.Concat(r.ForbidCall, r.ForbidType, r.ForbidField)
	if r.RequireArg != nil {
		list = append(list, r.RequireArg.Call...)
	}
	if p := r.RequireFirstParam; p != nil {
		list = append(append(list, strings.TrimPrefix(p.Type, "*")), p.Functions...)
	}
	if strings.Contains(r.Fix, ".") && (len(r.ForbidCall) > 0 || len(r.ForbidType) > 0) {
		list = append(list, r.Fix)
	}
	return list
}

// NewSeen returns what is known of rules before any package was seen: nothing.
func NewSeen(rules []policy.Rule) Seen {
	s := make(Seen, len(rules))
	for i := range rules {
		r := &rules[i]
		s[i] = SeenRule{In: make([]bool, len(r.In)), Except: make([]bool, len(r.Except))}
		for _, symbol := range Symbols(r) {
			s[i].Symbols = append(s[i].Symbols, SeenSymbol{Symbol: symbol})
		}
	}
	return s
}

// flags returns all that is true or false, in an order that depends on the rules
// alone.
func (s Seen) flags() (list []*bool) {
	for i := range s {
		r := &s[i]
		for j := range r.In {
			list = append(list, &r.In[j])
		}
		for j := range r.Except {
			list = append(list, &r.Except[j])
		}
		for j := range r.Symbols {
			list = append(list, &r.Symbols[j].Found, &r.Symbols[j].Missing)
		}
	}
	return list
}

// Encode returns s as the message of a [RulesSeen] report, "" where nothing is
// true. It has one bit for a flag: what thousands of packages say has to stay small.
func (s Seen) Encode() string {
	var bits []byte
	for i, flag := range s.flags() {
		if *flag {
			for len(bits) <= i/8 {
				bits = append(bits, 0)
			}
			bits[i/8] |= 1 << (i % 8)
		}
	}
	return base64.RawStdEncoding.EncodeToString(bits)
}

// Add adds to s what message, which [Seen.Encode] made of the same rules, says.
func (s Seen) Add(message string) error {
	bits, err := base64.RawStdEncoding.DecodeString(message)
	if err != nil {
		return fmt.Errorf("reading what the rules saw: %w", err)
	}
	flags := s.flags()
	if len(bits) > (len(flags)+7)/8 {
		return fmt.Errorf("reading what the rules saw: there are %d bytes for %d flags", len(bits), len(flags))
	}
	for i, flag := range flags {
		if i/8 < len(bits) && bits[i/8]&(1<<(i%8)) != 0 {
			*flag = true
		}
	}
	return nil
}

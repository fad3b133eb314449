// Package symbolsearch tells from the name of a symbol alone how well it can match
// what a person searches for.
//
// A search finds a word that is a subsequence of the package and the name of a
// symbol. How much of a word the package alone can provide is found out once for
// all that it declares. The rest must be in the name: a set of bits tells that
// most have not even its letters, and the others are read once, without a copy.
// Letters that the package must provide score less, and that bounds the whole.
package symbolsearch

import (
	"strings"
)

// longest is how much of a symbol gopls looks at, in runes: of a package and of a
// name. Longer ones always pass.
const longest, longestName = 255, 100

// Letters is the set of the characters of a name, whatever their case: a bit for
// each letter and digit, and one for all the rest of ASCII.
type Letters uint64

// LettersOf returns the set of a name. If that is very long, or not ASCII, it is
// the set of all: some characters have a lower case that is ASCII.
func LettersOf(name string) (set Letters) {
	if len(name) > longestName {
		return ^Letters(0)
	}
	for i := range len(name) {
		c := lower(name[i])
		switch {
		case 'a' <= c && c <= 'z':
			set |= 1 << (c - 'a')
		case '0' <= c && c <= '9':
			set |= 1 << (26 + c - '0')
		case c < 0x80:
			set |= 1 << 36
		default:
			return ^Letters(0)
		}
	}
	return set
}

// A Sieve is of one query. It is for one goroutine.
type Sieve struct {
	words []word
	whole bool // the query is one word, whose score is that of the symbol
	all   bool // nothing is known about the package
}

// word is a field of the query, of which a symbol must have every byte in order.
type word struct {
	pattern string  // ASCII, in lower case
	name    int     // that many bytes of its start are in the name of the package, in order
	head    int     // in its name, or in its path
	rest    Letters // of the others
}

// New returns the sieve of a query, or nil if that has nothing to go by: words
// that do not match letter by letter (^prefix, suffix$, 'exact) and those that
// are not ASCII are not looked at, so that what passes may still not match them.
func New(query string) *Sieve {
	var s Sieve
	fields := strings.Fields(query)
	for _, field := range fields {
		if strings.HasPrefix(field, "^") || strings.HasPrefix(field, "'") || strings.HasSuffix(field, "$") {
			continue
		}
		if len(field) < longest && ascii(field) {
			s.words = append(s.words, word{pattern: strings.ToLower(field)})
		}
	}
	if len(s.words) == 0 {
		return nil
	}
	s.whole = len(fields) == 1
	return &s
}

// Package says which package the symbols that follow are of, and whether they are
// searched with its path or with its name only.
func (s *Sieve) Package(path, name string, withPath bool) {
	s.all = !ascii(path) || !ascii(name) || max(len(path), len(name))+len(".")+longestName > longest
	for i := range s.words {
		w := &s.words[i]
		w.name = start(w.pattern, name)
		w.head = w.name
		if withPath {
			w.head = max(w.head, start(w.pattern, path))
		}
		w.rest = LettersOf(w.pattern[w.head:])
	}
}

// How gopls scores a match, from 0 to 1: that of a word is the mean of its
// letters, each 1 at most, or 0.9 before the last dot, and what has a part in the
// path of the package but not in its name counts for 0.6.
const (
	headScore  = 0.9
	pathFactor = 0.6
)

// Best returns the best score that a symbol can have, of which the letters are
// known, or 0 if it does not match. The name is not looked at if the letters are
// not there.
func (s *Sieve) Best(letters Letters, name *string) float64 {
	if s.all {
		return 1
	}
	best := 1.0
	for i := range s.words {
		w := &s.words[i]
		if letters&w.rest != w.rest {
			return 0
		}
		left := w.left(*name)
		if left > w.head {
			return 0
		}
		if s.whole && left > 0 {
			best = 1 - (1-headScore)*float64(left)/float64(len(w.pattern))
			if left > w.name {
				best *= pathFactor
			}
		}
	}
	return best
}

// left returns how many bytes of the start of a word are left for the package
// when all others were found in a name, from its end. It is 0 if that cannot be
// told.
func (w *word) left(name string) int {
	if len(name) > longestName {
		return 0
	}
	left := len(w.pattern)
	for i := len(name) - 1; i >= 0 && left > 0; i-- {
		c := name[i]
		if c >= 0x80 {
			return 0
		}
		if lower(c) == w.pattern[left-1] {
			left--
		}
	}
	return left
}

// start returns how many bytes of the start of pattern are in the head of a
// symbol, in order. A dot is between the head and the name.
func start(pattern, head string) (n int) {
	for i := 0; i < len(head) && n < len(pattern); i++ {
		if lower(head[i]) == pattern[n] {
			n++
		}
	}
	if n < len(pattern) && pattern[n] == '.' {
		n++
	}
	return n
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

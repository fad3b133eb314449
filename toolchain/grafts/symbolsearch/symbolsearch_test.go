package symbolsearch

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What cannot match is found, and nothing else: by the letters, by their order, and
// by what the package provides.
func TestBest(t *testing.T) {
	type pkg struct{ path, name string }
	a, v2 := pkg{"example.com/m/alpha", "alpha"}, pkg{"example.com/m/v2", "beta"}
	for _, test := range []struct {
		query  string
		pkg    pkg
		symbol string
		want   float64
	}{
		{"New", a, "NewThing", 1},
		{"wne", a, "NewThing", 0}, // not in this order
		{"thing", a, "NewThing", 1},
		{"gnu", a, "NewThing", 0},
		{"q", a, "NewThing", 0},
		{"alpha", a, "Z", headScore},
		{"an", a, "NewThing", (headScore + 1) / 2},
		{"alpha.New", a, "New", 1 - 6.0/9*(1-headScore)},
		{"example", a, "Z", headScore * pathFactor},
		{"beta", v2, "Z", headScore},
		{"v2", v2, "Z", headScore * pathFactor},
		{"new alpha", a, "New", 1},
		{"new q", a, "New", 0},
		{"^q", a, "New", -1},
		{"'q q$ ^q", a, "New", -1},
		{"'q w", a, "New", 1},
		{"ä", a, "New", -1},
		{"k", a, "Temp\u212a", 1}, // the sign of Kelvin is a k in lower case
		{"q", a, strings.Repeat("x", longestName+1), 1},
		{"q", pkg{strings.Repeat("x", longest), "x"}, "y", 1},
		{"q", pkg{"ä", "ä"}, "y", 1},
		{strings.Repeat("q", longest), a, "y", -1},
		{"", a, "y", -1},
	} {
		s := New(test.query)
		if s == nil || test.want == -1 {
			if (s == nil) != (test.want == -1) {
				t.Errorf("New(%q) is %v", test.query, s)
			}
			continue
		}
		s.Package(test.pkg.path, test.pkg.name, true)
		if got := s.Best(LettersOf(test.symbol), &test.symbol); got < test.want-1e-9 || got > test.want+1e-9 {
			t.Errorf("%q in %s, symbol %s: the best score is %v, want %v", test.query, test.pkg.path, test.symbol, got, test.want)
		}
	}
	s := New("alpha")
	name := "Z"
	s.Package("example.com/alpha", "z", false)
	if s.Best(LettersOf(name), &name) != 0 {
		t.Error("a path matches that is not looked at")
	}
}

// No symbol scores more than its best, and none that does not match has one.
func TestBestBounds(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	random := func(letters string, longest int) string {
		b := make([]byte, 1+dice.IntN(longest))
		for i := range b {
			b[i] = letters[dice.IntN(len(letters))]
		}
		return string(b)
	}
	matches, below := 0, 0
	for range 200_000 {
		query, path, name := random("abcAB.", 4), random("abC/1", 8), random("abC", 4)
		if dice.IntN(2) == 0 {
			path += "/" + name
		}
		symbol := random("abcABC.", 6)
		score := score(query, path+"."+symbol)
		if at := first(query, path+"."+symbol); strings.HasSuffix(path, name) && at < len(path)-len(name) {
			score *= pathFactor
		} else if !strings.HasSuffix(path, name) {
			if s := scoreIn(query, name, symbol); s > 0 {
				score = s
			} else if at <= len(path) {
				score *= pathFactor
			}
		}
		s := New(query)
		s.Package(path, name, true)
		best := s.Best(LettersOf(symbol), &symbol)
		if score > best+1e-9 || (score == 0) != (best == 0) {
			t.Fatalf("%q in %s (%s), symbol %s: the score is %v, its best %v", query, path, name, symbol, score, best)
		}
		if score > 0 {
			matches++
		}
		if best > 0 && best < 1 {
			below++
		}
	}
	t.Logf("%d match, %d have a bound", matches, below)
}

// scoreIn is the score of what is searched with the name of its package.
func scoreIn(query, name, symbol string) float64 {
	s := score(query, name+"."+symbol)
	if first(query, name+"."+symbol) <= len(name) {
		s *= 0.8
	}
	return s
}

// first returns where the match begins that ends as far right as it can, or -1.
func first(query, text string) int {
	query, text = strings.ToLower(query), strings.ToLower(text)
	i := len(text)
	for q := len(query) - 1; q >= 0; q-- {
		if i = strings.LastIndexByte(text[:i], query[q]); i < 0 {
			return -1
		}
	}
	return i
}

// score gives each letter of a match the most it can have: 1 at the start of a
// segment and of a word, a tenth less otherwise, and less by a tenth for each
// separator behind it, up to three.
func score(query, text string) float64 {
	i := first(query, text)
	if i < 0 {
		return 0
	}
	sum, q := 0.0, 0
	for ; q < len(query); i++ {
		if strings.EqualFold(text[i:i+1], query[q:q+1]) {
			letter := 0.9
			if i == 0 || strings.ContainsRune("./", rune(text[i-1])) {
				letter = 1
			}
			behind := strings.Count(text[i:], ".") + strings.Count(text[i:], "/")
			sum += letter * (1 - 0.1*float64(min(behind, 3)))
			q++
		}
	}
	return sum / float64(len(query))
}

func TestLetters(t *testing.T) {
	if LettersOf("aZ9_.") != LettersOf("A.z9") || LettersOf("a") == LettersOf("b") || LettersOf("0") == LettersOf("9") {
		t.Error("sets of the same characters differ, or those of others do not")
	}
	if LettersOf("é") != ^Letters(0) {
		t.Error("the set of what is not ASCII is not that of all")
	}
}

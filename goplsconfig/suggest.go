package goplsconfig

import (
	"fmt"
	"strings"
)

// DidYouMean returns a hint that names the candidate closest to name, or "".
func DidYouMean(name string, candidates []string) string { return didYouMean(name, candidates) }

// didYouMean returns a hint that names the candidate closest to name, or "".
func didYouMean(name string, candidates []string) string {
	if best := closest(name, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// Closest returns the candidate that name most likely stands for, or "".
func Closest(name string, candidates []string) string { return closest(name, candidates) }

// closest returns the candidate that name most likely stands for: one that
// differs in case only, else the one with the smallest edit distance of at
// most a third of the name. Beyond that a guess annoys more than it helps.
// Of equally close ones the first wins.
func closest(name string, candidates []string) string {
	best, bestDistance := "", 1+max(1, len(name)/3)
	folded := strings.ToLower(name)
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return c
		}
		if d := editDistance(folded, strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// editDistance counts the bytes to insert, delete or replace, where two
// neighbours in the wrong order count once: the most common slip of a typist.
func editDistance(a, b string) int {
	before := make([]int, len(b)+1) // row i-2
	prev := make([]int, len(b)+1)   // row i-1
	row := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}

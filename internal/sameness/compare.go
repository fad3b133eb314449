package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/gohearth/hearth/internal/lsp"
)

// maxShown bounds the diff of one step.
const maxShown = 3000

// compare prints what differs between the sides and counts it.
func compare(warm, fresh []outcome) (differ int) {
	for i := range min(len(warm), len(fresh)) {
		a, b := warm[i], fresh[i]
		if a.about != b.about { // one side lists more, and is asked more
			fmt.Printf("step %d is %q in the session and %q in a fresh gopls; the rest is not comparable\n", i+1, a.about, b.about)
			return differ + 1
		}
		for _, uri := range leaveOutMisplaced(a.diagnostics, b.diagnostics) {
			fmt.Printf("step %d: left out %s, which one side counts to a package that is gone\n", i+1, uri)
		}
		before, after := b.text(), a.text()
		if before == after {
			continue
		}
		differ++
		diff := udiff.Unified("fresh gopls", "session", before, after)
		if len(diff) > maxShown {
			diff = diff[:maxShown] + "...\n"
		}
		fmt.Printf("step %d: %s\n%s", i+1, a.about, diff)
	}
	if len(warm) != len(fresh) {
		differ++
		fmt.Printf("%d steps in the session and %d in a fresh gopls\n", len(warm), len(fresh))
	}
	return differ
}

// leaveOutMisplaced removes from the diagnostics of both sides the documents that are
// misplaced in one of them, and returns which these were.
//
// Where a package is gone and several import it, go list may blame a file of theirs, and
// go/packages takes that for a file of the package that is gone, in which no import is
// known and no other file either (golang/go#59433). Which file it is, if any, depends on
// the packages that are loaded together: all of them in a gopls that has just been
// started, a few in one that has followed an edit, by whoever it is used.
func leaveOutMisplaced(a, b map[lsp.URI]string) (uris []lsp.URI) {
	for uri := range a {
		if misplaced(a[uri], b[uri]) || misplaced(b[uri], a[uri]) {
			delete(a, uri)
			delete(b, uri)
			uris = append(uris, uri)
		}
	}
	slices.Sort(uris)
	return uris
}

// misplaced reports whether some of these are the findings of a document in a package
// that is gone, where right has those in its own: it does import such a package. gopls
// loads each platform by itself, so that one of them may be right and another not.
func misplaced(findings, right string) bool {
	if !strings.Contains(right, `(no required module provides package \"`) {
		return false
	}
	known := make(map[string]bool) // platforms that are misplaced in right too
	for _, m := range noMetadata.FindAllStringSubmatch(right, -1) {
		known[m[1]] = true
	}
	for _, m := range noMetadata.FindAllStringSubmatch(findings, -1) {
		if !known[m[1]] {
			return true
		}
	}
	return false
}

// noMetadata is the end of a message in JSON, with the platform, if any.
var noMetadata = regexp.MustCompile(`\(missing metadata for import of \\"[^"]*\\"\)( \[[a-z0-9,]+\])?"`)

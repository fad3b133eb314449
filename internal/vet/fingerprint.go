package vet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Fingerprint gives every finding of the report, also the suppressed ones, an
// identity by which it can be known again in a later report.
//
// It is made of the file, the analyzer, the code, the message without its
// numbers, the text of the source line with its spaces made one, and, where
// several findings agree in all that, which of them it is, counted from the
// top of the file. So it is unique in a report, and it stays when lines are
// added above or the code is indented. It changes when the line itself is
// edited or the file gets another name: then somebody has touched the code and
// can look at the finding.
//
// Numbers in messages are left out because many are line numbers, as in "the
// one declared at line 6". Of equal findings the last one seems to go when any
// of them is mended: there is no telling them apart.
//
// It must be called before findings are left out of the report: the count is
// among all.
func (r *Report) Fingerprint(src *Sources) {
	var all []*Diagnostic
	for i := range r.Diagnostics {
		all = append(all, &r.Diagnostics[i])
	}
	for i := range r.Suppressed {
		all = append(all, &r.Suppressed[i].Diagnostic)
	}
	slices.SortStableFunc(all, func(a, b *Diagnostic) int { return a.compare(*b) })
	seen := make(map[[sha256.Size]byte]int)
	for _, d := range all {
		content := d.content(src.Line(d.File, d.Line))
		sum := sha256.Sum256(fmt.Appendf(nil, "%x %d", content, seen[content]))
		seen[content]++
		d.Fingerprint = hex.EncodeToString(sum[:16])
	}
}

// content hashes what does not depend on where in its file d is.
func (d *Diagnostic) content(line string) [sha256.Size]byte {
	line = strings.Join(strings.Fields(line), " ")
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", d.File, d.Analyzer, d.Code, withoutNumbers(d.Message), line))
}

// withoutNumbers returns s with a 0 in place of each run of digits.
func withoutNumbers(s string) string {
	var b strings.Builder
	inNumber := false
	for _, r := range s {
		if digit := unicode.IsDigit(r); !digit {
			b.WriteRune(r)
			inNumber = false
		} else if !inNumber {
			b.WriteByte('0')
			inNumber = true
		}
	}
	return b.String()
}

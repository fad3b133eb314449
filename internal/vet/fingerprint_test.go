package vet

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFingerprint(t *testing.T) {
	const before = "package p\n\nfunc F() {\n\tf(1)\n\tf(1)\n\tg()\n}\n"
	finding := func(line int, message string) Diagnostic {
		return Diagnostic{File: "p.go", Line: line, Column: 2, Analyzer: "x", Message: message}
	}
	base := []Diagnostic{finding(4, "see line 3"), finding(5, "see line 3"), finding(6, "see line 3")}
	want := fingerprints(t, before, base...)
	if want[0] == want[1] || want[0] == want[2] || want[1] == want[2] {
		t.Errorf("not unique: %q", want)
	}

	for _, tt := range []struct {
		name, source string
		findings     []Diagnostic
		same         []bool
	}{
		{"lines added above", "package p\n\n\n// F is.\nfunc F() {\n\tf(1)\n\tf(1)\n\tg()\n}\n",
			[]Diagnostic{finding(6, "see line 5"), finding(7, "see line 5"), finding(8, "see line 5")}, []bool{true, true, true}},
		{"indented", "package p\n\nfunc F() {\n\t\t f(1)\r\n\t\tf(1)\n\t\tg()\n}\n", base, []bool{true, true, true}},
		{"one of two equal ones mended", "package p\n\nfunc F() {\n\tf(1)\n\tg()\n}\n",
			[]Diagnostic{finding(4, "see line 3"), finding(5, "see line 3")}, []bool{true, false}},
		{"line edited", "package p\n\nfunc F() {\n\tf(2)\n\tf(1)\n\tg()\n}\n", base, []bool{false, false, true}},
		{"another message", before, []Diagnostic{finding(4, "look at line 3"), finding(5, "see line 3"), finding(6, "see line 3")}, []bool{false, false, true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := fingerprints(t, tt.source, tt.findings...)
			for i, same := range tt.same {
				if (got[i] == want[i]) != same {
					t.Errorf("finding %d: is the fingerprint the same: %v, want %v", i, !same, same)
				}
			}
		})
	}
}

func TestFingerprintCountsSuppressed(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "p.go"), []byte("f()\nf()\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, second := Diagnostic{File: "p.go", Line: 1}, Diagnostic{File: "p.go", Line: 2}
	both := &Report{Diagnostics: []Diagnostic{first, second}}
	both.Fingerprint(NewSources(root))
	one := &Report{Diagnostics: []Diagnostic{second}, Suppressed: []Suppressed{{Diagnostic: first}}}
	one.Fingerprint(NewSources(root))
	if one.Diagnostics[0].Fingerprint != both.Diagnostics[1].Fingerprint {
		t.Error("an exception for the first of two equal findings makes another finding of the second")
	}
}

func fingerprints(t *testing.T, source string, list ...Diagnostic) (out []string) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "p.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &Report{Diagnostics: append([]Diagnostic(nil), list...)}
	r.Fingerprint(NewSources(root))
	for _, d := range r.Diagnostics {
		out = append(out, d.Fingerprint)
	}
	return out
}

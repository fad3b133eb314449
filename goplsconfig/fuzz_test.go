package goplsconfig

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad checks that any bytes make a policy or Problems, and that a policy
// that checks out resolves to something JSON can carry.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"", "version: 1\n", "- a", "gopls: {a: [1, 2.5, .nan, ~], env: {A: 0x10}}", "a: &a [*a]", "? [a]\n: b",
		"extends: [a]\n", "rules: [{id: a, message: b, forbid-import: c, in: ./...}]", "analyzers: {enable: ['S[']}",
		"gopls: {analyses: {shadow: null}}", "<<: {version: 1}", "!!binary aGk=", "vet: {fail-on: 2001-01-01}",
		"gopls:\n\tx: 1", "a: 'b", "\xff", "---\n---\n", dangerousPolicy,
	} {
		f.Add([]byte(seed))
	}
	f.Add(defaultYAML)
	f.Add([]byte(everyKind))
	for _, k := range RuleKinds {
		f.Add([]byte("rules:\n" + k.Skeleton("a")))
	}
	api := testAPI(f)
	dir := f.TempDir()
	file := filepath.Join(dir, FileName)
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := LoadFile(file)
		if err != nil {
			wantProblems(t, err)
			return
		}
		_ = s.TrustDigest()
		for _, a := range []*API{api, nil} {
			r, err := s.Resolve(Options{API: a, Trusted: true})
			if err != nil {
				wantProblems(t, err)
				continue
			}
			if _, err := json.Marshal(r.MergeSettings(map[string]any{"ui.x": true})); err != nil {
				t.Errorf("the settings are not JSON: %v", err)
			}
			if _, err := r.Explain("gopls.env"); err != nil {
				t.Errorf("explaining: %v", err)
			}
			for _, rule := range r.WrittenRules() {
				if _, err := r.Explain("rules." + rule.ID); err != nil || rule.Kind.Name == "" {
					t.Errorf("rule %q is of kind %q; explaining it: %v", rule.ID, rule.Kind.Name, err)
				}
				for _, ref := range rule.References {
					if ref.Line < 1 || ref.Text == "" {
						t.Errorf("incomplete reference %+v", ref)
					}
				}
			}
		}
	})
}

func wantProblems(t *testing.T, err error) {
	ps, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatalf("not Problems but %T: %v", err, err)
	}
	for _, p := range ps {
		if p.File == "" || p.Line < 1 || p.Column < 1 || p.Message == "" {
			t.Errorf("incomplete problem %+v", p)
		}
	}
}

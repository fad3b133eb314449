package goplsconfig

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

func TestSuppress(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod":      "module example.com/m\n",
		"org/go.yaml": "suppress: {inline: false, exceptions: [{analyzers: rules, reason: r, owner: org, expires: never}]}",
		FileName: `extends: [org/go.yaml]
suppress:
  require-reason: false
  exceptions:
    - {analyzers: [shadow], in: [./old/...], files: gen_*.go, reason: r, owner: o, expires: 2026-02-03}
`,
	})
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	org := policy.Exception{Analyzers: []string{"rules"}, Reason: "r", Owner: "org", Expires: "never"}
	own := policy.Exception{
		Analyzers: []string{"shadow"}, In: []string{"example.com/m/old/..."}, Files: []string{"gen_*.go"},
		Reason: "r", Owner: "o", Expires: "2026-02-03",
	}
	for _, tt := range []struct {
		day  time.Time
		want []policy.Exception
		warn string
	}{
		{time.Date(2026, 2, 3, 23, 0, 0, 0, time.Local), []policy.Exception{org, own}, ""},
		{time.Date(2026, 2, 4, 1, 0, 0, 0, time.Local), []policy.Exception{org},
			"hearth.yaml:5:93: the exception of o for shadow expired on 2026-02-03 (mend the code and remove it, or agree on another day)"},
	} {
		r, err := s.Resolve(Options{API: testAPI(t), Now: tt.day})
		if err != nil {
			t.Fatal(err)
		}
		want := policy.Suppress{ForbidInline: true, ReasonOptional: true, Exceptions: tt.want}
		if diff := cmp.Diff(want, r.Policy.Suppress); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.day, diff)
		}
		if got := Problems(r.Warnings).RelativeTo(dir).Error(); got != tt.warn {
			t.Errorf("%s: warning %q, want %q", tt.day, got, tt.warn)
		}
	}
}

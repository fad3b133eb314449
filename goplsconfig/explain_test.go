package goplsconfig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/internal/hint"
)

func TestExplain(t *testing.T) {
	r := resolve(t, `
gopls:
  staticcheck: true
  env: {A: a}
  hints: {parameterNames: true}
  usePlaceholders: null
analyzers:
  disable: [SA*]
  enable: [SA4000]
  severity: {SA*: error}
rules:
  - {id: unsafe, message: safe is better, forbid-import: unsafe}
vet: {fail-on: error}
`, true)
	for _, test := range []struct{ key, want string }{
		{"SA4000", `analyzers.SA4000 = true; default true; a short text
	hearth.yaml:3:3 gopls.staticcheck: true = true
	hearth.yaml:8:13 analyzers.disable: SA* = false
	hearth.yaml:9:12 analyzers.enable: SA4000 = true *
	hearth.yaml:10:14 analyzers.severity: SA* = error *
the policy; the editor's value is not used`},
		{"analyzers.shadow", `analyzers.shadow = true; default false; a short text
	default policy analyzers.enable: shadow = true *
the policy; the editor's value is not used`},
		{"gopls.staticcheck", `gopls.staticcheck = true; default false; The setting staticcheck.
	hearth.yaml:3:3 gopls.staticcheck = true *
the policy; the editor's value is not used`},
		{"ui.x", `error: there is no key "ui.x" in a policy
write gopls.NAME, analyzers.NAME, rules.ID, suppress.NAME, warm.NAME, vet.NAME or cache.NAME`},
		{"gopls.gofump", `error: there is no key "gopls.gofump" in a policy
did you mean "gopls.gofumpt"?`},
		{"env", `gopls.env = map[A:a]; default map[]; The setting env.
	hearth.yaml:4:3 gopls.env = map[A:a] *
the policy for the variables that it sets, the editor for others`},
		{"hints", `gopls.hints = map[parameterNames:true]; default map[]; The setting hints.
	hearth.yaml:5:3 gopls.hints = map[parameterNames:true] *
the editor, for each key that it sets`},
		{"gopls.usePlaceholders", `gopls.usePlaceholders = <nil>; default false; The setting usePlaceholders.
	hearth.yaml:6:3 gopls.usePlaceholders = <nil> *
the editor, since the policy says nothing`},
		{"vet.fail-on", `vet.fail-on = error; default <nil>; 
	default policy vet.fail-on = information
	hearth.yaml:13:7 vet.fail-on = error *
the policy; editors have no say in it`},
		{"rules.unsafe", `rules.unsafe = {id: unsafe, message: safe is better, forbid-import: unsafe}; default <nil>; safe is better
	hearth.yaml:12:6 rules: unsafe = {id: unsafe, message: safe is better, forbid-import: unsafe} *
the policy; editors have no say in it`},
	} {
		t.Run(test.key, func(t *testing.T) {
			if diff := cmp.Diff(test.want, explain(r, test.key)); diff != "" {
				t.Errorf("explanation (-want +got):\n%s", diff)
			}
		})
	}
}

// explain renders an explanation. Lines of the default policy are left out,
// since they move with every comment.
func explain(r *Resolved, key string) string {
	e, err := r.Explain(key)
	if err != nil {
		return fmt.Sprintf("error: %v\n%s", err, hint.Of(err))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s = %s; default %v; %s\n", e.Key, shown(e.Value), e.Default, e.Summary)
	for _, s := range e.Says {
		at := strings.TrimPrefix(s.Position.String(), r.Root+"/")
		if s.File == builtinName {
			at = builtinName
		}
		fmt.Fprintf(&b, "\t%s %s = %s", at, s.Text, shown(s.Value))
		if s.Won {
			b.WriteString(" *")
		}
		b.WriteString("\n")
	}
	b.WriteString(e.Editor)
	return b.String()
}

func shown(v any) string {
	n, ok := v.(*yaml.Node)
	if !ok {
		return fmt.Sprint(v)
	}
	n.Style = yaml.FlowStyle
	out, err := yaml.Marshal(n)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(out))
}

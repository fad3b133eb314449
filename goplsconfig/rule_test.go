package goplsconfig

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// everyKind has every key of a rule.
const everyKind = `rules:
  - id: no-exit
    message: return an error
    url: https://corp.example/no-exit
    severity: error
    owner: team-platform
    since: 2026-11-01
    forbid-call: [os.Exit, log.Fatal*, (*net/http.Client).Do, (io.Reader).Read, "(*net/http.Client).*", net/http.*, "(*sync/atomic.Pointer[T]).Store", (error).Error]
    through-interfaces: true
    fix: example.com/m/exit.Now
    in: [./...]
    except: [./cmd/...]
    tests: exclude
    generated: only
    go: ">=1.22 <1.25"
    ok: return err
    bad: [os.Exit(1), {in: ./domain, code: "os.Exit(2)"}]
  - {id: a, message: m, forbid-import: [io/ioutil, example.com/x/..., ./old], fix: io, since: v1.2.0}
  - id: layers
    message: keep the domain pure
    layer:
      components: {domain: ./domain/..., app: ./app/..., infra: [./infra/..., database/sql]}
      may-depend-on: {domain: [], app: [domain]}
      must-not-depend-on: {domain: infra}
  - {id: b, message: m, forbid-type: [net/http.Client, gopkg.in/yaml.v3.Node, sync.*]}
  - {id: c, message: m, forbid-field: [crypto/tls.Config.InsecureSkipVerify, crypto/tls.Config.*]}
  - {id: d, message: m, forbid-construct: [go, naked-return]}
  - {id: e, message: m, require-arg: {call: ["(*net/http.Client).Do"], arg: 1, must: non-nil}}
  - {id: f, message: m, require-first-param: {type: context.Context, name: ctx, functions: ["example.com/m/svc.*"]}}
  - {id: g, message: m, replace: {from: 'strings.Index($s, $sub) >= 0', to: 'strings.Contains($s, $sub)', where: {s: string}}}
`

func TestRules(t *testing.T) {
	r := resolve(t, everyKind, true)
	want := []policy.Rule{
		{
			ID: "no-exit", Message: "return an error", URL: "https://corp.example/no-exit", Severity: "error", Owner: "team-platform", Since: "2026-11-01",
			ForbidCall:        []string{"os.Exit", "log.Fatal*", "(*net/http.Client).Do", "(io.Reader).Read", "(*net/http.Client).*", "net/http.*", "(*sync/atomic.Pointer[T]).Store", "(error).Error"},
			ThroughInterfaces: true, Fix: "example.com/m/exit.Now",
			Scope: policy.Scope{In: []string{"example.com/m/..."}, Except: []string{"example.com/m/cmd/..."}, Tests: "exclude", Generated: "only", Go: ">=1.22 <1.25"},
		},
		{ID: "a", Message: "m", ForbidImport: []string{"io/ioutil", "example.com/x/...", "example.com/m/old"}, Fix: "io", Since: "v1.2.0"},
		{ID: "layers", Message: "keep the domain pure", Layer: &policy.Layer{
			Components:      map[string][]string{"domain": {"example.com/m/domain/..."}, "app": {"example.com/m/app/..."}, "infra": {"example.com/m/infra/...", "database/sql"}},
			MayDependOn:     map[string][]string{"domain": {}, "app": {"domain"}},
			MustNotDependOn: map[string][]string{"domain": {"infra"}},
		}},
		{ID: "b", Message: "m", ForbidType: []string{"net/http.Client", "gopkg.in/yaml.v3.Node", "sync.*"}},
		{ID: "c", Message: "m", ForbidField: []string{"crypto/tls.Config.InsecureSkipVerify", "crypto/tls.Config.*"}},
		{ID: "d", Message: "m", ForbidConstruct: []string{"go", "naked-return"}},
		{ID: "e", Message: "m", RequireArg: &policy.RequireArg{Call: []string{"(*net/http.Client).Do"}, Arg: "1", Must: "non-nil"}},
		{ID: "f", Message: "m", RequireFirstParam: &policy.RequireFirstParam{Type: "context.Context", Name: "ctx", Functions: []string{"example.com/m/svc.*"}}},
		{ID: "g", Message: "m", Replace: &policy.Replace{From: "strings.Index($s, $sub) >= 0", To: "strings.Contains($s, $sub)", Where: map[string]string{"s": "string"}}},
	}
	if diff := cmp.Diff(want, r.Policy.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	first := r.WrittenRules()[0]
	examples := []Example{
		{Position{r.File, 16, 9}, false, "", "return err", false},
		{Position{r.File, 17, 11}, true, "", "os.Exit(1)", false},
		{Position{r.File, 17, 44}, true, "example.com/m/domain", "os.Exit(2)", false},
	}
	if diff := cmp.Diff(examples, first.Examples); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
}

// TestExamplesAreNoPolicy checks that a better example makes no answer stale.
func TestExamplesAreNoPolicy(t *testing.T) {
	const rule = "rules: [{id: a, message: b, forbid-import: c%s}]"
	with := resolve(t, strings.Replace(rule, "%s", ", ok: x, bad: y", 1), true)
	without := resolve(t, strings.Replace(rule, "%s", "", 1), true)
	if a, b := with.Policy.Digest(), without.Policy.Digest(); a != b {
		t.Error("examples change the digest")
	}
}

func TestRuleProblems(t *testing.T) {
	rule := func(rest string) string { return "rules: [{id: a, message: b, " + rest + "}]" }
	for _, test := range []struct{ name, yaml, want string }{
		{"key", rule("forbid-calls: os.Exit"), "1:10: rule \"a\" says nothing (add one of forbid-import, layer, forbid-call, forbid-type, forbid-field, forbid-construct, require-arg, require-first-param, replace)\n" +
			`1:29: "forbid-calls" is no key of a rule (did you mean "forbid-call"?)`},
		{"three kinds", rule("forbid-import: c, forbid-call: d.E, forbid-construct: go"), `1:65: rule "a" has forbid-import and forbid-call and forbid-construct (make it two rules)`},
		{"severity", rule("forbid-import: c, severity: fatal"), `1:57: the severity of a rule is "fatal", which is no severity (write error, warning, information, hint)`},
		{"tests", rule("forbid-import: c, tests: excluded"), `1:54: tests cannot be "excluded" (did you mean "exclude"?)`},
		{"generated", rule("forbid-import: c, generated: never"), `1:58: generated cannot be "never" (write include, only, exclude)`},
		{"go", rule("forbid-import: c, go: 1.x"), `1:51: go is "1.x", which is no condition on the version of Go (write it as ">=1.22", or ">=1.22 <1.25")`},
		{"since", rule("forbid-import: c, since: soon"), `1:54: since is "soon", which is no version and no day (write v1.2.0, or 2006-01-02)`},
		{"since, no day", rule("forbid-import: c, since: 2026-13-01"), `1:54: since is "2026-13-01", which is no version and no day (write v1.2.0, or 2006-01-02)`},
		{"through-interfaces", rule("forbid-import: c, through-interfaces: yes"), "1:47: rule \"a\" has through-interfaces, which forbid-import has no use for (remove it; it goes with forbid-call, require-arg)\n" +
			`1:67: through-interfaces must be true or false, not the text "yes" (write true)`},
		{"fix", rule("forbid-construct: go, fix: c"), `1:51: rule "a" has a fix, which forbid-construct has no use for (remove it; fix: goes with forbid-import, forbid-call, forbid-type, forbid-field)`},
		{"construct", rule("forbid-construct: [goo, print]"), `1:48: a construct cannot be "goo" (did you mean "go"?)`},

		{"call", rule("forbid-call: os.Exit()"), `1:42: "os.Exit()" is a call; a rule names the function (write os.Exit)`},
		{"no function", rule("forbid-call: Exit"), `1:42: "Exit" is no function and no method (write the import path, a dot and the name: os.Exit, (*net/http.Client).Do, or log.Fatal* for all that begin so)`},
		{"method as a function", rule("forbid-call: net/http.Client.Do"), `1:42: "net/http.Client.Do" is not how a method is written (write (*net/http.Client).Do, or without * where its receiver has none)`},
		{"blanks", rule("forbid-call: 'os. Exit'"), `1:42: "os. Exit" is no function and no method (write the import path, a dot and the name: os.Exit, (*net/http.Client).Do, or log.Fatal* for all that begin so)`},
		{"type", rule("forbid-type: '*net/http.Client'"), `1:42: "*net/http.Client" is no type (write net/http.Client)`},
		{"no type", rule("forbid-type: net/http"), `1:42: "net/http" is no type (write the import path, a dot and the name, such as net/http.Client)`},
		{"field", rule("forbid-field: InsecureSkipVerify"), `1:43: "InsecureSkipVerify" is no field (write the import path, the type and the field: crypto/tls.Config.InsecureSkipVerify)`},

		{"layer without components", rule("layer: {may-depend-on: {x: []}}"), "1:36: layer has no components (write components: groups of packages by name. ./ is the folder of this file)\n" +
			`1:53: there is no component "x" (the components are )`},
		{"layer of nothing", rule("layer: {components: {x: ./x}}"), `1:36: layer forbids nothing (add may-depend-on: or must-not-depend-on:)`},
		{"empty component", rule("layer: {components: {x: []}, may-depend-on: {x: []}}"), `1:50: component "x" has no packages (name its packages)`},
		{"component", rule("layer: {components: {domain: ./x, app: ./y}, must-not-depend-on: {domian: [ap]}}"), "1:95: there is no component \"domian\" (did you mean \"domain\"?)\n" +
			`1:104: there is no component "ap" (did you mean "app"?)`},
		{"key of a layer", rule("layer: {components: {x: ./x}, may-depends-on: {x: []}}"), "1:36: layer forbids nothing (add may-depend-on: or must-not-depend-on:)\n" +
			`1:59: "may-depends-on" is no key of layer (did you mean "may-depend-on"?)`},
		{"layer as a list", rule("layer: [a]"), `1:36: layer must be a mapping, not a list`},

		{"argument", rule("require-arg: {call: os.Exit}"), "1:42: require-arg has no arg (write arg: the place of the argument, from 1, or the name of the parameter)\n" +
			`1:42: require-arg has no must (write must: what it must be)`},
		{"place", rule("require-arg: {call: os.Exit, arg: 0, must: non-zero}"), `1:63: arg cannot be "0" (count from 1, or write the name of the parameter)`},
		{"condition", rule("require-arg: {call: os.Exit, arg: code, must: nonzero}"), `1:75: must cannot be "nonzero" (did you mean "non-zero"?)`},
		{"parameter", rule("require-first-param: {type: Context, name: a.b}"), "1:57: \"Context\" is no type (write the import path, a dot and the name, such as net/http.Client)\n" +
			`1:72: "a.b" is no name of a parameter`},
		{"replace", rule("replace: {to: x}"), `1:38: replace has no from (write from: the expression, with symbols by import path and placeholders such as $x, or $*x for any number of arguments)`},
		{"pattern", rule("replace: {from: 'os.Exit($code', to: x}"), `1:59: from: missing ',' before newline in argument list (write a Go expression, such as os.Exit($code))`},
		{"pattern of the rewrite", rule("replace: {from: os.Exit($code), to: 'if $code'}"), `1:66: to: expected operand, found 'if' (write a Go expression, such as os.Exit($code))`},
		{"placeholders", rule("replace: {from: 'f($sub, $*rest)', to: 'g($sab)', where: {s: string, rest: int}}"), "1:68: from has no placeholder \"sab\" (did you mean \"sub\"?)\n" +
			`1:87: from has no placeholder "s" (it has sub, rest)`},

		{"example", rule("forbid-import: c, ok: {cod: x}"), "1:51: an example has no code (write code: the code)\n" +
			`1:52: "cod" is no key of an example (did you mean "code"?)`},
		{"example in many packages", rule("forbid-import: c, bad: [{in: ./..., code: x}]"), `1:58: an example is in one package, not in all of "./..." (name one package)`},
		{"example in a list", rule("forbid-import: c, bad: [[x]]"), `1:53: bad must be code, {in: PACKAGE, code: TEXT}, or a list of them, not a list`},
		{"example without text", rule("forbid-import: c, bad: ['']"), `1:53: bad must be text, not an empty text`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := load(t, test.yaml)
			got := strings.ReplaceAll(problemLines(t, s.Check(nil), s.Root), "hearth.yaml:", "")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRuleLayers checks that a layer changes a rule field by field, and that
// another kind takes with it what belonged to the first.
func TestRuleLayers(t *testing.T) {
	dir := write(t, map[string]string{
		"base.yaml": "rules:\n" +
			"  - {id: a, message: m, forbid-call: os.Exit, fix: x.Y, through-interfaces: true, ok: x, in: example.com/a}\n" +
			"  - {id: b, message: m, forbid-call: os.Exit, ok: x, bad: y}\n",
		FileName: "extends: [base.yaml]\nrules: [{id: a, forbid-construct: go}, {id: b, severity: hint, bad: z, owner: null}]\n",
	})
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Rule{
		{ID: "a", Message: "m", ForbidConstruct: []string{"go"}, Scope: policy.Scope{In: []string{"example.com/a"}}},
		{ID: "b", Message: "m", Severity: "hint", ForbidCall: []string{"os.Exit"}},
	}
	if diff := cmp.Diff(want, r.Policy.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	rules := r.WrittenRules()
	if len(rules[0].Examples) != 0 || len(rules[1].Examples) != 2 || rules[1].Examples[1].Code != "z" {
		t.Errorf("examples: %v, %v", rules[0].Examples, rules[1].Examples)
	}
	if !r.Own(rules[0].Position) || r.Own(Position{File: "/elsewhere/hearth.yaml"}) {
		t.Error("the layers of the repository are not its own")
	}
}

// TestRuleKindsAreTold checks the table: every kind and key has what is said
// about it, and its example is a rule of the kind, alone and in any file.
func TestRuleKindsAreTold(t *testing.T) {
	for _, f := range RuleFields() {
		if f.Doc == "" || f.schema == nil {
			t.Errorf("the key %s has no documentation or no schema", f.Name)
		}
	}
	for _, k := range RuleKinds {
		if k.Doc == "" || k.valueSchema() == nil || k.read == nil || (k.Fix == "") != (k.FixSample == "") {
			t.Errorf("the kind %s lacks something: %+v", k.Name, k)
		}
		text := "rules:\n" + k.Skeleton("a")
		for _, text := range []string{text, uncomment(text)} {
			s := load(t, text)
			if err := s.Check(testAPI(t)); err != nil {
				t.Errorf("%s: %v\n%s", k.Name, err, text)
				continue
			}
			r, err := s.Resolve(Options{})
			if err != nil {
				t.Fatal(err)
			}
			rule := r.WrittenRules()[0]
			if rule.Kind.Name != k.Name || len(rule.Examples) < 2 {
				t.Errorf("%s: the example is a rule of kind %q with %d examples", k.Name, rule.Kind.Name, len(rule.Examples))
			}
		}
	}
}

// uncomment makes keys of the options of a skeleton.
func uncomment(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		key, _, ok := strings.Cut(strings.TrimPrefix(line, "  # "), ":")
		if ok && strings.HasPrefix(line, "  # ") && slices.Contains(ruleKeyNames(), key) {
			line = "  " + strings.TrimPrefix(line, "  # ")
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestAddRule(t *testing.T) {
	k, _ := RuleKindNamed("forbid-construct")
	for _, test := range []struct{ name, before, after, want string }{
		{"no file", "", "", "version: 1\n\nrules:\n  NEW"},
		{"no rules", "version: 1\n# end", "", "version: 1\n# end\n\nrules:\n  NEW"},
		{"empty rules", "rules:\n  # - id: x\n\nvet: {tests: true}\n", "", "rules:\n  NEW  # - id: x\n\nvet: {tests: true}\n"},
		{"empty list", "rules: [] # none yet\nvet: {tests: true}\n", "", "rules: # none yet\n  NEWvet: {tests: true}\n"},
		{"between", "rules:\n  - id: x\n    message: |\n      a: b\n\n      c\n    forbid-import: y\n  # of x\n\n# of vet\nvet: {tests: true}\n", "", "rules:\n  - id: x\n    message: |\n      a: b\n\n      c\n    forbid-import: y\n  # of x\n  NEW\n# of vet\nvet: {tests: true}\n"},
		{"not indented", "rules:\n- {id: x, message: m, forbid-import: y}", "", "rules:\n- {id: x, message: m, forbid-import: y}\nNEW"},
		{"last", "rules:\n    - {id: x, message: m, forbid-import: y}\n\n", "", "rules:\n    - {id: x, message: m, forbid-import: y}\n    NEW\n"},
		{"in brackets", "rules: [{id: x, message: m, forbid-import: y}]\n", "", "error: hearth.yaml:1:8: the rules are not written as a block, so none can be added (begin each rule on a line of its own by \"- \")"},
		{"all in braces", "{version: 1}\n", "", "error: hearth.yaml:1:1: the rules are not written as a block, so none can be added (begin each rule on a line of its own by \"- \")"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := AddRule("hearth.yaml", []byte(test.before), "a", k)
			got := string(text)
			if err != nil {
				got = "error: " + err.Error()
			} else {
				indent := strings.Repeat(" ", strings.Index(got[strings.LastIndex(got[:strings.Index(got, "- id: a\n")], "\n")+1:], "-"))
				var skeleton strings.Builder
				for line := range strings.Lines(k.Skeleton("a")) {
					skeleton.WriteString(indent + line)
				}
				got = strings.Replace(got, skeleton.String(), indent+"NEW", 1)
				var doc yaml.Node
				if err := yaml.Unmarshal(text, &doc); err != nil {
					t.Errorf("%v\n%s", err, text)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRuleSchema checks that the schema knows every key and nothing else.
func TestRuleSchema(t *testing.T) {
	var schema struct {
		Properties struct {
			Rules struct {
				Items struct {
					Properties map[string]any
					OneOf      []any
				}
			}
		}
	}
	if err := json.Unmarshal(Schema(testAPI(t)), &schema); err != nil {
		t.Fatal(err)
	}
	got := schema.Properties.Rules.Items
	for _, name := range ruleKeyNames() {
		if got.Properties[name] == nil {
			t.Errorf("the schema lacks %q", name)
		}
	}
	if len(got.Properties) != len(ruleKeyNames()) || len(got.OneOf) != len(RuleKinds)+1 {
		t.Errorf("the schema has %d keys and %d kinds", len(got.Properties), len(got.OneOf)-1)
	}
}

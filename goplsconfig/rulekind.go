package goplsconfig

import (
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// RuleKind is a kind of rule: one thing that a rule can say. Everything that
// tells of kinds is made of this: the reader, the schema, messages, "hearth
// rules new", docs/rules.md.
type RuleKind struct {
	Name       string // its key in a rule
	Doc        string // one sentence
	Fix        string // what "fix" is for it; "" where it has none
	FixSample  string
	Interfaces bool // "through-interfaces" applies

	// Example is a rule of the kind in YAML, from its message to its examples.
	Example string

	Fields []RuleField // of its value, where that is a mapping

	schema object // of its value, where that is none
	read   func(*reader, *yaml.Node) func(*policy.Rule)
}

// RuleField is a key of a mapping in a rule, or of a rule.
type RuleField struct {
	Name, Doc string
	Sample    string // a value, as YAML

	must   bool
	schema object
}

// RuleKinds are all kinds, in the order of the documentation.
var RuleKinds = []RuleKind{
	{
		Name:      "forbid-import",
		Doc:       "Package patterns, such as io/ioutil or example.com/x/..., and modules with the versions that are forbidden, such as example.com/m@* or example.com/m@<v1.5.0.",
		Fix:       "the package to import instead",
		FixSample: "io",
		Example: `message: use io and os
forbid-import: [io/ioutil]
ok: import "io"
bad: import "io/ioutil"
`,
		schema: ref("patterns"),
		read:   wordList("forbid-import", (*reader).importPattern, func(u *policy.Rule) *[]string { return &u.ForbidImport }),
	},
	{
		Name: "layer",
		Doc:  "Which components, that is groups of packages, may depend on which.",
		Example: `message: models know nothing of HTTP
layer:
  components: {models: ./models/..., http: net/http}
  must-not-depend-on: {models: [http]}
ok: {in: ./models, code: 'import "time"'}
bad: {in: ./models, code: 'import "net/http"'}
`,
		Fields: layerFields,
		read:   (*reader).layer,
	},
	{
		Name:       "forbid-call",
		Doc:        "Functions and methods, such as os.Exit or (*net/http.Client).Do; a trailing * matches any rest. Their use as values counts.",
		Fix:        "the function that takes its place, such as example.com/m/exit.Now, or the name of another method",
		FixSample:  "example.com/m/exit.Now",
		Interfaces: true,
		Example: `message: return an error; main decides about the exit code
forbid-call: [os.Exit, log.Fatal*]
ok: return err
bad:
  - os.Exit(1)
  - log.Fatalln("no")
`,
		schema: ref("patterns"),
		read:   wordList("forbid-call", (*reader).function, func(u *policy.Rule) *[]string { return &u.ForbidCall }),
	},
	{
		Name:      "forbid-type",
		Doc:       "Types, such as net/http.Client; a trailing * matches any rest.",
		Fix:       "the type that takes its place, such as example.com/m/web.Client",
		FixSample: "sync.Mutex",
		Example: `message: use sync.Mutex and a map
forbid-type: [sync.Map]
ok: var m sync.Mutex
bad: var m sync.Map
`,
		schema: ref("patterns"),
		read:   wordList("forbid-type", (*reader).typeName, func(u *policy.Rule) *[]string { return &u.ForbidType }),
	},
	{
		Name:      "forbid-field",
		Doc:       "Fields of structs, such as crypto/tls.Config.InsecureSkipVerify; a trailing * matches any rest.",
		Fix:       "the name of the field that takes its place",
		FixSample: "ServerName",
		Example: `message: trust the certificate of the test server instead
forbid-field: [crypto/tls.Config.InsecureSkipVerify]
ok: 'tls.Config{ServerName: "example.com"}'
bad: 'tls.Config{InsecureSkipVerify: true}'
`,
		schema: ref("patterns"),
		read:   wordList("forbid-field", (*reader).fieldName, func(u *policy.Rule) *[]string { return &u.ForbidField }),
	},
	{
		Name: "forbid-construct",
		Doc:  "Parts of the language, by the names below.",
		Example: `message: name what is returned
forbid-construct: [naked-return]
ok: 'func f() (n int) { return n }'
bad: 'func f() (n int) { return }'
`,
		schema: constructSchema(),
		read:   wordList("forbid-construct", (*reader).construct, func(u *policy.Rule) *[]string { return &u.ForbidConstruct }),
	},
	{
		Name:       "require-arg",
		Doc:        "What an argument of some calls must be.",
		Interfaces: true,
		Example: `message: pass the body of the request
require-arg: {call: [net/http.Post], arg: body, must: non-nil}
ok: http.Post("http://example.com", "text/plain", strings.NewReader("x"))
bad: http.Post("http://example.com", "text/plain", nil)
`,
		Fields: requireArgFields,
		read:   (*reader).requireArg,
	},
	{
		Name: "require-first-param",
		Doc:  "Functions that take a type take it first.",
		Example: `message: a context comes first, and is called ctx
require-first-param: {type: context.Context, name: ctx}
ok: func load(ctx context.Context, name string) {}
bad: func load(name string, ctx context.Context) {}
`,
		Fields: firstParamFields,
		read:   (*reader).requireFirstParam,
	},
	{
		Name: "replace",
		Doc:  "An expression that has a better form, which is offered as a fix.",
		Example: `message: say what is meant
replace:
  from: strings.Index($s, $sub) >= 0
  to: strings.Contains($s, $sub)
ok: strings.Contains("ab", "a")
bad: strings.Index("ab", "a") >= 0
`,
		Fields: replaceFields,
		read:   (*reader).replace,
	},
}

// RuleKindNamed returns the kind with the given name.
func RuleKindNamed(name string) (RuleKind, bool) {
	for _, k := range RuleKinds {
		if k.Name == name {
			return k, true
		}
	}
	return RuleKind{}, false
}

func kindNames() []string { return kindsWith(func(RuleKind) bool { return true }) }

func kindsWith(property func(RuleKind) bool) []string {
	var names []string
	for _, k := range RuleKinds {
		if property(k) {
			names = append(names, k.Name)
		}
	}
	return names
}

// ruleKey is a key of a rule.
type ruleKey struct {
	RuleField

	// read returns what the value makes of a resolved rule, nil after a problem.
	// It is nil for id and the examples, which are no part of a policy.
	read func(*reader, *yaml.Node) func(*policy.Rule)
}

// The keys of a rule that are not kinds.
var (
	ruleHead = []ruleKey{
		{RuleField{Name: "id", Doc: "A short name; it is shown with each finding.", schema: textSchema}, nil},
		{RuleField{Name: "message", Doc: "What to do instead.", schema: textSchema}, textField("message", func(u *policy.Rule) *string { return &u.Message })},
		{RuleField{Name: "url", Sample: `https://corp.example/go/rules`, Doc: "Where to read more.", schema: textSchema}, textField("url", func(u *policy.Rule) *string { return &u.URL })},
		{RuleField{Name: "severity", Sample: `error`, Doc: "How findings rank; as those of the rules analyzer, if empty.", schema: ref("severity")}, (*reader).ruleSeverity},
		{RuleField{Name: "owner", Sample: `team-platform`, Doc: "Who answers questions about it.", schema: textSchema}, textField("owner", func(u *policy.Rule) *string { return &u.Owner })},
		{RuleField{Name: "since", Sample: `2026-11-01`, Doc: "The version or the day from which on it holds, for people.", schema: textSchema}, (*reader).since},
	}
	ruleTail = []ruleKey{
		{RuleField{Name: "through-interfaces", Sample: `true`, Doc: "Whether a method counts that is called through an interface which the named type implements, and, where the named type is an interface, the method of a type that implements it.", schema: object{"type": "boolean"}}, (*reader).throughInterfaces},
		{RuleField{Name: "fix", Doc: "What takes the place of what is found.", schema: textSchema}, textField("fix", func(u *policy.Rule) *string { return &u.Fix })},
		{RuleField{Name: "in", Sample: `[./...]`, Doc: "The packages that the rule is for; all, if empty. ./ is the folder of this file.", schema: ref("patterns")},
			wordList("in", (*reader).inPattern, func(u *policy.Rule) *[]string { return &u.In })},
		{RuleField{Name: "except", Sample: `[./cmd/...]`, Doc: "Packages that are left out.", schema: ref("patterns")},
			wordList("except", (*reader).exceptPattern, func(u *policy.Rule) *[]string { return &u.Except })},
		{RuleField{Name: "tests", Sample: `exclude`, Doc: "What the rule does with test files: include (the default), only, exclude.", schema: object{"enum": parts}},
			partField("tests", func(u *policy.Rule) *string { return &u.Tests })},
		{RuleField{Name: "generated", Sample: `exclude`, Doc: "What it does with generated files: include (the default), only, exclude.", schema: object{"enum": parts}},
			partField("generated", func(u *policy.Rule) *string { return &u.Generated })},
		{RuleField{Name: "go", Sample: `">=1.22"`, Doc: "The versions of the language that a file must be in, such as >=1.22, or >=1.22 <1.25.", schema: textSchema}, (*reader).goCondition},
		{RuleField{Name: "ok", Doc: "Code that the rule must let pass, for \"hearth rules test\".", schema: ref("examples")}, nil},
		{RuleField{Name: "bad", Doc: "Code that the rule must report.", schema: ref("examples")}, nil},
	}
)

// parts are what a scope can do with some of the files.
var parts = []string{policy.Include, policy.Only, policy.Exclude}

// ruleKeys returns all keys of a rule in the order of the documentation. Each
// field of each rule is looked up there.
var ruleKeys = sync.OnceValue(func() []ruleKey {
	keys := slices.Clone(ruleHead)
	for _, k := range RuleKinds {
		keys = append(keys, ruleKey{RuleField{Name: k.Name, Doc: k.Doc, schema: k.valueSchema()}, k.read})
	}
	return slices.Clip(append(keys, ruleTail...))
})

// RuleFields returns the keys that rules of every kind have.
func RuleFields() []RuleField {
	var fields []RuleField
	for _, k := range append(slices.Clone(ruleHead), ruleTail...) {
		fields = append(fields, k.RuleField)
	}
	return fields
}

func ruleKeyNames() []string {
	var names []string
	for _, k := range ruleKeys() {
		names = append(names, k.Name)
	}
	return names
}

func ruleKeyNamed(name string) ruleKey {
	keys := ruleKeys()
	return keys[slices.IndexFunc(keys, func(k ruleKey) bool { return k.Name == name })]
}

// valueSchema describes the value of the kind's key.
func (k RuleKind) valueSchema() object {
	if k.Fields == nil {
		return k.schema
	}
	properties, must := object{}, []string{}
	for _, f := range k.Fields {
		properties[f.Name] = described(f.schema, f.Doc)
		if f.must {
			must = append(must, f.Name)
		}
	}
	o := newObject(k.Doc, properties)
	o["required"] = must
	return o
}

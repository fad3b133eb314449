package policy

import "slices"

// Rule is one rule of the rules analyzer. Exactly one of the kinds, the fields
// from ForbidImport to Replace, is set.
//
// Symbols are written by import path: "os.Exit" and "net/http.Get" are
// functions, "(*net/http.Client).Do" and "(io.Reader).Read" methods,
// "net/http.Client" a type, "net/http.Client.Timeout" a field. Where it says so,
// a trailing * matches any rest. Lists of packages hold package path patterns,
// in which "..." matches any string.
type Rule struct {
	ID       string `json:"id"`
	Message  string `json:"message"`
	URL      string `json:"url,omitempty"`
	Severity string `json:"severity,omitempty"` // empty: that of the rules analyzer
	Owner    string `json:"owner,omitempty"`    // who answers questions about it
	Since    string `json:"since,omitempty"`    // a version or a day; for people

	Scope

	ForbidImport      []string           `json:"forbidImport,omitempty"` // packages
	ForbidModule      []Module           `json:"forbidModule,omitempty"` // of ForbidImport, what names modules
	Layer             *Layer             `json:"layer,omitempty"`
	ForbidCall        []string           `json:"forbidCall,omitempty"`  // functions and methods; *
	ForbidType        []string           `json:"forbidType,omitempty"`  // types; *
	ForbidField       []string           `json:"forbidField,omitempty"` // fields; *
	ForbidConstruct   []string           `json:"forbidConstruct,omitempty"`
	RequireArg        *RequireArg        `json:"requireArg,omitempty"`
	RequireFirstParam *RequireFirstParam `json:"requireFirstParam,omitempty"`
	Replace           *Replace           `json:"replace,omitempty"`

	// ThroughInterfaces widens ForbidCall and RequireArg: a method called
	// through an interface that the named type implements counts, and so does
	// the method of a type that implements the named interface.
	ThroughInterfaces bool `json:"throughInterfaces,omitempty"`

	// Fix is what takes the place of what ForbidImport (a package), ForbidCall
	// (a function of the same package or another, or a method name), ForbidType
	// (a type) or ForbidField (a field name) finds.
	Fix string `json:"fix,omitempty"`
}

// Scope says where a rule applies.
type Scope struct {
	// In and Except are package path patterns. An empty In means every
	// package; Except takes away from In. Tests belong to the package that
	// they test.
	In     []string `json:"in,omitempty"`
	Except []string `json:"except,omitempty"`

	Tests     string `json:"tests,omitempty"`     // Include, Exclude or Only; empty means Include
	Generated string `json:"generated,omitempty"` // Include, Exclude or Only; empty means Include

	// Go is a condition on the language version of a file, such as ">=1.22" or
	// ">=1.22 <1.25"; empty means every version.
	Go string `json:"go,omitempty"`
}

// What a scope does with test files and generated files.
const (
	Include = "include"
	Exclude = "exclude"
	Only    = "only"
)

// Module is a module of the build that a rule forbids, as resolved: a module
// that is not in the build, or not at a forbidden version, is not here.
type Module struct {
	Path    string   `json:"path"`
	Version string   `json:"version"`          // the one that is in the build
	Range   string   `json:"range"`            // what the rule says, such as "<v1.5.0"
	Nested  []string `json:"nested,omitempty"` // paths of other modules of the build below Path
}

// Layer says which components may import which. A package that no component
// names may import and be imported freely, but a path through it counts.
type Layer struct {
	Components map[string][]string `json:"components"` // name: packages

	// MayDependOn lists, for each component that it names, the components
	// that it may import; it may always import itself.
	MayDependOn map[string][]string `json:"mayDependOn,omitempty"`

	// MustNotDependOn lists components that must not be reached by any chain of
	// imports.
	MustNotDependOn map[string][]string `json:"mustNotDependOn,omitempty"`
}

// Targets returns the components that must not be reached, in order.
func (l *Layer) Targets() []string {
	var names []string
	for _, list := range l.MustNotDependOn {
		names = append(names, list...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// RequireArg says what an argument of some calls must be.
type RequireArg struct {
	Call []string `json:"call"` // functions and methods; *
	Arg  string   `json:"arg"`  // its place from 1, or the name of the parameter
	Must string   `json:"must"` // one of ArgConditions
}

// ArgConditions are what an argument can be required to be.
var ArgConditions = []string{"constant", "deadline", "non-constant", "non-nil", "non-zero"}

// RequireFirstParam says that functions take a type first.
type RequireFirstParam struct {
	Type string `json:"type"`           // "context.Context"
	Name string `json:"name,omitempty"` // what the parameter must be called

	// Functions are the functions and methods that must have the parameter, by
	// symbol; *. Where it is empty, no function must, but one that has the
	// parameter must have it first.
	Functions []string `json:"functions,omitempty"`
}

// Replace is an expression that has a better form. From and To are Go
// expressions with symbols by import path and placeholders $x, or $*x for any
// number of arguments.
type Replace struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"` // empty: it is forbidden, and there is no fix

	// Where holds conditions on placeholders: a type ("[]byte",
	// "*net/http.Request"), "implements TYPE", "underlying TYPE", "constant".
	Where map[string]string `json:"where,omitempty"`
}

// Constructs are what ForbidConstruct can name, with what each is.
var Constructs = map[string]string{
	"blank-import":        "import for side effects alone",
	"cgo":                 "import \"C\"",
	"defer":               "defer statement",
	"dot-import":          "import into the file's own scope",
	"empty-interface":     "interface{}, or any, other than as a constraint",
	"fallthrough":         "fallthrough statement",
	"go":                  "go statement",
	"goto":                "goto statement",
	"init":                "func init",
	"label":               "labelled statement",
	"linkname":            "//go:linkname directive",
	"naked-return":        "return without operands in a function with named results",
	"package-var":         "variable at package level",
	"panic":               "call of the built-in panic",
	"print":               "call of the built-in print or println",
	"recover":             "call of the built-in recover",
	"select":              "select statement",
	"unchecked-assertion": "type assertion that panics when it fails",
}

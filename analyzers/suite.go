// Package analyzers is the one list of what hearth checks.
//
// Both doors read it: gopls gets [Ours] on top of its own registry, the
// vettool runs [Suite]. The list follows gopls's registry (severities and
// defaults), so that CI asks for what the editor shows. A test compares it
// with the description that gopls ships of itself.
//
// The package is compiled twice, into hearth and, as [Source], into a private
// copy of gopls with whatever golang.org/x/tools and staticcheck that gopls
// was released with. It may therefore use only what all of them have, and
// import nothing but those two, the standard library and the policy type.
//
// Entries are shared and must not be changed; the functions are safe for
// concurrent use.
package analyzers

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/atomicalign"
	"golang.org/x/tools/go/analysis/passes/deepequalerrors"
	"golang.org/x/tools/go/analysis/passes/fieldalignment"
	"golang.org/x/tools/go/analysis/passes/modernize"
	"golang.org/x/tools/go/analysis/passes/nilness"
	"golang.org/x/tools/go/analysis/passes/scannererr"
	"golang.org/x/tools/go/analysis/passes/sortslice"
	"golang.org/x/tools/go/analysis/passes/sqlrowserr"
	"golang.org/x/tools/go/analysis/passes/unusedwrite"
	"golang.org/x/tools/go/analysis/suite/fix"
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/gohearth/hearth/analyzers/ctxfield"
	"github.com/gohearth/hearth/analyzers/genericdup"
	"github.com/gohearth/hearth/analyzers/goerr"
	"github.com/gohearth/hearth/analyzers/maxprocs"
	"github.com/gohearth/hearth/analyzers/retrydeadline"
	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/analyzers/shadow"
	"github.com/gohearth/hearth/analyzers/syncmaprmw"
	"github.com/gohearth/hearth/analyzers/unusedparams"
	"github.com/gohearth/hearth/analyzers/widesignature"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Groups say where an analyzer comes from.
const (
	Vet         = "vet"
	Fix         = "fix"
	XTools      = "x/tools"
	Staticcheck = "staticcheck"
	Hearth      = "hearth"
	Gopls       = "gopls" // in no list here; for [GoplsOnly] and [EditorOnly]
)

// Entry is one analyzer with what gopls's registry calls its configuration.
type Entry struct {
	Analyzer   *analysis.Analyzer
	Group      string // one of the groups above
	Severity   string // one of policy.Severities, unless the policy overrides it
	NonDefault bool   // off unless the policy switches it on
	EditorOnly bool   // works on type errors, which no vettool ever sees
}

// Enabled reports whether p wants e, or does not care and e is on by default.
func (e Entry) Enabled(p *policy.Policy) bool {
	if a, ok := p.Analyzers[e.Analyzer.Name]; ok {
		return a.Enabled
	}
	return !e.NonDefault
}

// Ours returns the passes written here. In gopls they replace passes of the
// same name.
func Ours(p *policy.Policy) []Entry {
	shadows := shadow.New(p.ShadowIgnore...)
	return []Entry{
		{Analyzer: shadows.Shadow, Group: Hearth, Severity: policy.Warning},
		// Off: naming alone, with no flow to tell a slip from a habit.
		{Analyzer: shadows.PackageVar, Group: Hearth, Severity: policy.Information, NonDefault: true},
		{Analyzer: shadows.Import, Group: Hearth, Severity: policy.Information, NonDefault: true},
		{Analyzer: shadows.Builtin, Group: Hearth, Severity: policy.Information, NonDefault: true},
		{Analyzer: unusedparams.Analyzer, Group: Hearth, Severity: policy.Information},
		{Analyzer: ctxfield.Analyzer, Group: Hearth, Severity: policy.Warning},
		{Analyzer: maxprocs.Analyzer, Group: Hearth, Severity: policy.Warning},
		{Analyzer: retrydeadline.Analyzer, Group: Hearth, Severity: policy.Warning},
		{Analyzer: syncmaprmw.Analyzer, Group: Hearth, Severity: policy.Warning},
		{Analyzer: goerr.Analyzer, Group: Hearth, Severity: policy.Warning},
		// Off: a signature that could be narrower is often ready for the next caller.
		{Analyzer: widesignature.Analyzer, Group: Hearth, Severity: policy.Information, NonDefault: true},
		{Analyzer: rules.New(p), Group: Hearth, Severity: policy.Warning},
		{Analyzer: genericdup.Analyzer, Group: Hearth, Severity: policy.Information},
	}
}

// Suite returns all analyzers that link without gopls's internal packages.
//
// The first entry of a name wins, as in gopls: its fix and vet suites overlap,
// and passes move from the extras to the vet suite from one release to the next.
func Suite(p *policy.Policy) []Entry {
	var suite []Entry
	seen := make(map[string]bool)
	for _, list := range [][]Entry{
		Ours(p),
		group(fix.Suite, Fix, policy.Hint),
		group(vet.Suite, Vet, policy.Warning),
		extras,
		staticcheckEntries(),
	} {
		for _, e := range list {
			if name := e.Analyzer.Name; !seen[name] {
				seen[name] = true
				suite = append(suite, e)
			}
		}
	}
	return suite
}

// group makes entries of a suite whose analyzers all rank alike.
func group(suite []*analysis.Analyzer, name, severity string) []Entry {
	entries := make([]Entry, len(suite))
	for i, a := range suite {
		entries[i] = Entry{Analyzer: a, Group: name, Severity: severity}
	}
	return entries
}

// extras are the passes of x/tools that gopls adds to the vet and fix suites.
var extras = []Entry{
	{Analyzer: atomicalign.Analyzer, Group: XTools, Severity: policy.Warning},
	{Analyzer: deepequalerrors.Analyzer, Group: XTools, Severity: policy.Warning},
	{Analyzer: nilness.Analyzer, Group: XTools, Severity: policy.Warning},
	{Analyzer: sortslice.Analyzer, Group: XTools, Severity: policy.Warning},
	{Analyzer: scannererr.Analyzer, Group: XTools, Severity: policy.Warning}, // in vet.Suite from v0.51
	{Analyzer: sqlrowserr.Analyzer, Group: XTools, Severity: policy.Warning}, // in vet.Suite from v0.51
	{Analyzer: unusedwrite.Analyzer, Group: XTools, Severity: policy.Information},

	// shadow.Analyzer omitted: ours takes its name.

	// Off: a smaller struct is rarely worth a harder to read one (golang/go#67762, #76237).
	{Analyzer: fieldalignment.Analyzer, Group: XTools, Severity: policy.Hint, NonDefault: true},

	// Modernizers that are in no suite, because their rewrites are debatable.
	{Analyzer: modernize.BLoopAnalyzer, Group: XTools, Severity: policy.Warning},
	{Analyzer: modernize.FmtAppendfAnalyzer, Group: XTools, Severity: policy.Warning},
	// Off: the rewritten code turns a nil slice into an empty one.
	{Analyzer: modernize.AppendClippedAnalyzer, Group: XTools, Severity: policy.Warning, NonDefault: true},
	{Analyzer: modernize.SlicesDeleteAnalyzer, Group: XTools, Severity: policy.Warning, NonDefault: true},
}

// GoplsOnly names the passes that live in gopls's internal packages, with what
// they are for. Only the toolchain's vettool, which is built inside the gopls
// module, can run them. A name that some gopls does not have yet is no error.
var GoplsOnly = map[string]string{
	"deprecated":           "uses of what is marked Deprecated",
	"embed":                "//go:embed directives that cannot work",
	"errorsastypeshadow":   "errors.AsType results that shadow the error of the next test",
	"infertypeargs":        "type arguments that can be inferred",
	"maprange":             "maps.Keys and maps.Values that a plain range replaces",
	"ptrtoerror":           "error types that are converted to error both as E and as *E",
	"recursiveiter":        "iterators that recurse without passing yield on",
	"simplifycompositelit": "gofmt -s: composite literals",
	"simplifyrange":        "gofmt -s: range clauses",
	"simplifyslice":        "gofmt -s: slice expressions",
	"unusedfunc":           "functions that nothing in the package uses",
	"writestring":          "WriteString calls that build a string first",
	"yield":                "iterators that call yield again after it returned false",
}

// EditorOnly names the passes of gopls that add a fix to a type error. go vet
// does not analyze a package that does not compile, so no vettool runs them.
var EditorOnly = map[string]string{
	"fillreturns":    "missing results of a return statement",
	"nonewvars":      ":= that declares nothing",
	"noresultvalues": "results in a function that has none",
	"unusedvariable": "variables that are never used",
}

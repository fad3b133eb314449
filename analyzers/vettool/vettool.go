// Package vettool is the main function of a `go vet -vettool` that obeys a
// policy.
//
// It is [unitchecker.Main] plus a few things. It runs what the policy switches
// on, and leaves out what is suppressed. It says so to the go command, whose
// cache of vet results would otherwise answer with those of an older policy.
// With -hearth-suite it lists its analyzers as JSON; the flags [ShowSuppressed]
// and [Profile] are for "hearth vet".
//
// Flags keep the meaning that unitchecker gives them: -NAME runs that analyzer
// alone, whatever the policy says, and -NAME=false leaves it out.
package vettool

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/analyzers/report"
	_ "github.com/gohearth/hearth/analyzers/vettool/heap"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Main runs the vettool of suite under p. It does not return.
func Main(p *policy.Policy, suite []analyzers.Entry) {
	start := time.Now()
	show := flag.Bool(report.ShowSuppressed, false, "report suppressed findings as well, by their category")
	dir := flag.String(report.Profile, "", "write how long each pass takes to files in this `folder`")
	suite = analyzers.Suppressible(p, suite, show)
	flag.Var(action(func(value string) error { return printVersion(os.Stdout, p, value) }),
		"V", "print version and exit")
	flag.Var(action(func(string) error { return printSuite(os.Stdout, p, suite) }),
		"hearth-suite", "print the analyzers in JSON and exit")

	var runnable []*analysis.Analyzer
	for _, e := range suite {
		if !e.EditorOnly {
			runnable = append(runnable, e.Analyzer)
		}
	}
	(&timer{dir: dir, start: start}).watch(runnable)
	new(guard).watch(runnable)
	if last := len(os.Args) - 1; strings.HasSuffix(os.Args[last], ".cfg") && slices.Contains(os.Args, "-"+report.ShowSuppressed) {
		whole, err := wholeConfig(os.Args[last])
		if err != nil {
			log.Fatal(err)
		}
		os.Args[last] = whole
	}
	if u, ok := readUnit(os.Args); ok {
		sayStarted(u)
		if u.VetxOnly {
			keepFacts(runnable) // last, so that nobody times what does nothing
		}
	}
	os.Args = slices.Insert(os.Args, 1, disableFlags(p, suite)...)
	unitchecker.Main(runnable...)
}

// disableFlags returns a flag -NAME=false for each analyzer that is off.
//
// Handing the others alone to unitchecker would be simpler, but then -NAME
// could not run an analyzer that the policy has off, and the facts of those
// that are off could not be decoded when a cached unit has some. The flags go
// first, so that the user's, which follow, win.
func disableFlags(p *policy.Policy, suite []analyzers.Entry) []string {
	var flags []string
	for _, e := range suite {
		if !e.EditorOnly && !e.Enabled(p) {
			flags = append(flags, "-"+e.Analyzer.Name+"=false")
		}
	}
	return flags
}

// printVersion answers -V=full in the form that the go command parses: of a
// version "devel" it takes the build ID alone as the tool's identity. The
// identity has to cover all that decides the answers, that is this
// executable's bytes and the policy, which is why unitchecker's own -V, which
// hashes the bytes, does not do; it steps aside when a flag V exists.
func printVersion(w io.Writer, p *policy.Policy, value string) error {
	if value != "full" {
		return fmt.Errorf("unsupported value %q, use -V=full", value)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(exe)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	io.WriteString(h, p.FindingsDigest())
	_, err = fmt.Fprintf(w, "%s version devel comments-go-here buildID=%x\n", exe, h.Sum(nil))
	return err
}

// description is one element of what -hearth-suite prints.
type description struct {
	Name       string `json:"name"`
	Doc        string `json:"doc"`
	URL        string `json:"url,omitempty"`
	Severity   string `json:"severity"`
	Default    bool   `json:"default"` // the analyzer's own, not the policy's
	Group      string `json:"group"`
	EditorOnly bool   `json:"editorOnly"`
}

// printSuite prints the suite as a JSON array, sorted by name.
func printSuite(w io.Writer, p *policy.Policy, suite []analyzers.Entry) error {
	list := make([]description, len(suite))
	for i, e := range suite {
		list[i] = description{
			Name:       e.Analyzer.Name,
			Doc:        e.Analyzer.Doc,
			URL:        e.Analyzer.URL,
			Severity:   cmp.Or(p.Analyzers[e.Analyzer.Name].Severity, e.Severity),
			Default:    !e.NonDefault,
			Group:      e.Group,
			EditorOnly: e.EditorOnly,
		}
	}
	slices.SortFunc(list, func(x, y description) int { return cmp.Compare(x.Name, y.Name) })
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	return enc.Encode(list)
}

// action is a flag that does something and exits, as -V does everywhere in the
// go command's protocol.
type action func(value string) error

func (action) IsBoolFlag() bool { return true }
func (action) String() string   { return "" }
func (a action) Set(value string) error {
	if err := a(value); err != nil {
		log.Fatal(err)
	}
	os.Exit(0)
	return nil
}

package vettool

import (
	"encoding/json"
	"fmt"
	"go/version"
	"os"
	"runtime"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/report"
)

// wholeConfig names a configuration file in which the package is analysed in
// full, where that of the go command asks for facts alone and will not ask again.
//
// Before Go 1.27 the go command keeps the result of a package under the same key
// whether it was asked for or merely imported. Whatever was imported first, by a
// run over other packages, would have no findings ever after. So a package of the
// workspace has all of them found at once, and "hearth vet" shows those that it
// was asked for. Packages of other modules stay as they are: it takes an unusual
// pattern to ask for them.
func wholeConfig(file string) (string, error) {
	if version.Compare(runtime.Version(), "go1.27") >= 0 {
		return file, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var cfg map[string]json.RawMessage
	if json.Unmarshal(data, &cfg) != nil {
		return file, nil // unitchecker says it better
	}
	text := func(key string) (s string) {
		_ = json.Unmarshal(cfg[key], &s)
		return s
	}
	if string(cfg["VetxOnly"]) != "true" || text("ModulePath") == "" || text("ModuleVersion") != "" {
		return file, nil
	}
	cfg["VetxOnly"] = json.RawMessage("false")
	id, err := json.Marshal(text("ID") + report.Imported)
	if err != nil {
		return "", err
	}
	cfg["ID"] = id
	if data, err = json.Marshal(cfg); err != nil {
		return "", err
	}
	whole := strings.TrimSuffix(file, ".cfg") + ".whole.cfg"
	return whole, os.WriteFile(whole, data, 0o666)
}

// unit is what the go command says of a package.
type unit struct {
	ImportPath string
	VetxOnly   bool // it was not asked for: its facts alone are of use
}

// readUnit returns the unit that the tool is to run on, if any. Where the
// configuration cannot be read unitchecker says so, and says it well.
func readUnit(args []string) (u unit, ok bool) {
	file := args[len(args)-1]
	if !strings.HasSuffix(file, ".cfg") {
		return u, false
	}
	data, err := os.ReadFile(file)
	return u, err == nil && json.Unmarshal(data, &u) == nil
}

// sayStarted tells whoever watches, see [report.Started], of the unit.
func sayStarted(u unit) {
	name := os.Getenv(report.Started)
	if name == "" {
		return
	}
	if f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666); err == nil { // or nobody watches any more
		fmt.Fprintln(f, u.ImportPath)
		f.Close()
	}
}

// keepFacts reduces roots, which nobody else has, to the facts that they and
// what they require compute.
//
// unitchecker leaves out on its own what uses no facts. That still runs
// whatever reads some, such as all passes that build SSA, and suppression, which
// requires every other pass: half of the time over the dependencies of a service.
func keepFacts(roots []*analysis.Analyzer) {
	needed := make(map[*analysis.Analyzer]bool)
	var need func(a *analysis.Analyzer)
	need = func(a *analysis.Analyzer) {
		if !needed[a] {
			needed[a] = true
			for _, r := range a.Requires {
				need(r)
			}
		}
	}
	facts := make(map[*analysis.Analyzer][]*analysis.Analyzer) // what each requires that has facts, however indirectly
	var collect func(a *analysis.Analyzer) []*analysis.Analyzer
	collect = func(a *analysis.Analyzer) []*analysis.Analyzer {
		list, ok := facts[a]
		if !ok {
			if len(a.FactTypes) > 0 {
				need(a)
				list = append(list, a)
			}
			for _, r := range a.Requires {
				list = append(list, collect(r)...)
			}
			facts[a] = list
		}
		return list
	}
	for _, a := range roots {
		collect(a)
	}
	for _, a := range roots {
		if !needed[a] {
			a.Requires, a.ResultType = facts[a], nil
			a.Run = func(*analysis.Pass) (any, error) { return nil, nil }
		}
	}
}

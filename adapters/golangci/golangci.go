// Package golangci offers hearth's own passes to golangci-lint, as a plugin of
// its module plugin system:
//
//	# .custom-gcl.yml, for golangci-lint custom
//	version: v2.15.0
//	plugins:
//	  - module: github.com/gohearth/hearth
//	    import: github.com/gohearth/hearth/adapters/golangci
//	    version: latest
//
//	# .golangci.yml
//	linters:
//	  enable: [hearth]
//	  settings:
//	    custom:
//	      hearth:
//	        type: module
//	        settings: {policy: hearth-policy.json} # from hearth config show
//
// The plugin runs what is written here and nothing else, since golangci-lint has
// the passes of go vet and staticcheck itself. It leaves suppression comments to
// golangci-lint too; exceptions in hearth.yaml have no effect there.
package golangci

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/hint"
)

// Name is what the plugin is called in a .golangci.yml.
const Name = "hearth"

func init() { register.Plugin(Name, New) }

// Settings are the keys of linters.settings.custom.hearth.settings.
type Settings struct {
	// Policy is a file that "hearth config show" wrote, relative to where
	// golangci-lint runs. Without it each pass is on or off as it is by itself,
	// and there are no rules.
	//
	// It is not a hearth.yaml, which can only be resolved by the gopls that it
	// is for.
	Policy string `json:"policy"`
}

// plugin holds the passes that the settings ask for.
type plugin []*analysis.Analyzer

// New returns the plugin for settings as golangci-lint decodes them.
func New(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](settings)
	if err != nil {
		return nil, hint.Add(fmt.Errorf("the settings of %s: %w", Name, err), "the one key is policy")
	}
	p := &policy.Policy{}
	if s.Policy != "" {
		if p, err = read(s.Policy); err != nil {
			return nil, err
		}
	}
	var all plugin
	for _, e := range analyzers.Ours(p) {
		if e.Enabled(p) {
			all = append(all, e.Analyzer)
		}
	}
	return all, nil
}

// read reads the policy out of the file that "hearth config show" wrote.
func read(file string) (*policy.Policy, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, hint.Add(fmt.Errorf("reading the policy: %w", err), "write it by: hearth config show >%s", file)
	}
	var shown struct{ Policy json.RawMessage }
	if err := json.Unmarshal(data, &shown); err != nil || shown.Policy == nil {
		return nil, hint.Add(fmt.Errorf("%s holds no policy", file), "write it by: hearth config show >%s", file)
	}
	dec := json.NewDecoder(bytes.NewReader(shown.Policy))
	dec.DisallowUnknownFields() // a newer hearth's policy must not be half-obeyed
	var p policy.Policy
	if err := dec.Decode(&p); err != nil {
		return nil, hint.Add(fmt.Errorf("reading the policy in %s: %w", file, err), "use the hearth that wrote it")
	}
	return &p, nil
}

func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p, nil }
func (plugin) GetLoadMode() string                             { return register.LoadModeTypesInfo }

package goplsconfig

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// goplsAPIs returns the descriptions that gopls releases ship of themselves.
// A release that cannot be had, as without a network, is left out.
func goplsAPIs(t *testing.T) map[string]*API {
	t.Helper()
	apis := make(map[string]*API)
	for version, toolchain := range map[string]string{"v0.23.0": "local", "v0.24.0": "go1.27.4"} {
		cmd := exec.Command("go", "mod", "download", "-json", "golang.org/x/tools/gopls@"+version)
		cmd.Dir = t.TempDir() // not in this module: the download is for the test alone
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+toolchain, "GOFLAGS=-mod=mod")
		out, err := cmd.Output()
		if err != nil {
			t.Logf("gopls %s cannot be had: %v", version, err)
			continue
		}
		var module struct{ Dir string }
		if err := json.Unmarshal(out, &module); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(module.Dir, "internal/doc/api.json"))
		if err != nil {
			t.Fatal(err)
		}
		if apis[version], err = ParseAPI(data); err != nil {
			t.Fatal(err)
		}
	}
	if len(apis) == 0 {
		t.Skip("no gopls can be had")
	}
	return apis
}

func TestReleasedGopls(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the module proxy")
	}
	apis := goplsAPIs(t)
	known := slices.Clone(ourNames)
	for version, api := range apis {
		known = append(known, api.analyzerNames()...)
		t.Run(version, func(t *testing.T) {
			s, err := Load(write(t, nil))
			if err != nil {
				t.Fatal(err)
			}
			r, err := s.Resolve(Options{API: api})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := len(r.Policy.Analyzers), len(api.Analyzers); got != want {
				t.Errorf("the policy has %d analyzers of %d", got, want)
			}
			checkQuiet(t, r, api)
		})
	}
	for _, s := range append(defaultLayer().switches(), defaultLayer().levels()...) {
		if s.kind == byName && !slices.Contains(known, s.text) {
			t.Errorf("%s: no gopls has an analyzer %q", s.at, s.text)
		}
	}
	var settings []string
	for _, api := range apis {
		for _, o := range api.Options["User"] {
			if retired[o.Name] == "" && o.Name != "staticcheckProvided" {
				settings = append(settings, o.Name)
			}
		}
	}
	slices.Sort(settings)
	if settings = slices.Compact(settings); len(apis) == 2 && !slices.Equal(settings, documented) {
		t.Errorf("documented settings are %q, want %q", documented, settings)
	}
	for name := range retiredAnalyzers {
		if slices.Contains(known, name) {
			t.Errorf("analyzer %q is not retired", name)
		}
	}
}

// checkQuiet reports analyzers that the default policy should not run, or
// should.
func checkQuiet(t *testing.T, r *Resolved, api *API) {
	t.Helper()
	for _, a := range api.Analyzers {
		on := r.Policy.Analyzers[a.Name].Enabled
		switch {
		case a.Name == "SA5008": // the one that default.yaml names, with its count
			if on {
				t.Errorf("%s is on by default", a.Name)
			}
		case slices.Contains(fixSuite, a.Name) && !slices.Contains(vetSuite, a.Name),
			a.Group == groupStaticcheck && a.Name[:2] != "SA":
			if on {
				t.Errorf("%s is on by default", a.Name)
			}
		case slices.Contains(vetSuite, a.Name), slices.Contains(editorOnly, a.Name), a.Group == groupHearth:
			if !on {
				t.Errorf("%s is off by default", a.Name)
			}
		case a.Group == groupStaticcheck && on != a.Default:
			t.Errorf("%s is not as gopls has it", a.Name)
		}
	}
	if !testing.Verbose() {
		return
	}
	for _, a := range api.Analyzers {
		if a.Group == "" {
			t.Logf("%-22s gopls %-5v hearth %v", a.Name, a.Default, r.Policy.Analyzers[a.Name].Enabled)
		}
	}
}

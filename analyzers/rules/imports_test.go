package rules_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

func TestModules(t *testing.T) {
	list := []policy.Rule{
		{ID: "bar", ForbidModule: []policy.Module{{
			Path: "mod.example/bar", Version: "v1.4.0", Range: "<v1.5.0", Nested: []string{"mod.example/bar/nested", "mod.example/bar/nested/old-one"},
		}}},
		{ID: "all", ForbidModule: []policy.Module{{Path: "mod.example/bar/nested/old-one", Version: "v0.1.0", Range: "*"}}},
	}
	run(t, "imports/a", list)
	run(t, "mod.example/bar", list)
}

func TestImportFixes(t *testing.T) {
	forbid := func(id, path, fix string) policy.Rule {
		return policy.Rule{ID: id, ForbidImport: []string{path}, Fix: fix}
	}
	list := []policy.Rule{
		forbid("renamed", "imports/old", "imports/new"),
		forbid("same-name", "imports/old.v1", "imports/pkg.v2"),
		forbid("blank", "imports/blank", "imports/new/side"),
		forbid("sort", "sort", "imports/sorted"),
		forbid("there", "strings", "bytes"),                    // imported already
		forbid("internal", "unicode", "elsewhere/internal/uc"), // the compiler would refuse it
	}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), rules.New(&policy.Policy{Rules: list}), "imports/fix")
}

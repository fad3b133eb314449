package main

import (
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/gohearth/hearth/analyzers"
)

// TestNogoPackages checks that each package has what nogo looks for: a variable
// Analyzer.
func TestNogoPackages(t *testing.T) {
	var paths []string
	for _, group := range []string{analyzers.Hearth, analyzers.Vet, analyzers.Staticcheck} {
		list := nogoPackages(group)
		if len(list) < 8 {
			t.Errorf("only %d packages of %s", len(list), group)
		}
		paths = append(paths, list...)
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Error(e)
		}
		found = append(found, p.PkgPath)
		v, ok := p.Types.Scope().Lookup("Analyzer").(*types.Var)
		if !ok || v.Type().String() != "*golang.org/x/tools/go/analysis.Analyzer" {
			t.Errorf("%s: its Analyzer is %v", p.PkgPath, v)
		}
	}
	slices.Sort(found)
	slices.Sort(paths)
	if !slices.Equal(found, paths) {
		t.Errorf("got packages %v, want %v", found, paths)
	}
}

func TestLabel(t *testing.T) {
	for path, want := range map[string]string{
		"github.com/gohearth/hearth/analyzers/shadow":  "@com_github_gohearth_hearth//analyzers/shadow",
		"golang.org/x/tools/go/analysis/passes/printf": "@org_golang_x_tools//go/analysis/passes/printf",
		"honnef.co/go/tools/staticcheck/sa1000":        "@co_honnef_go_tools//staticcheck/sa1000",
	} {
		if got := label(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

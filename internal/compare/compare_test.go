package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/goplsconfig"
)

// tree is a workspace with packages of all kinds of build constraints.
var tree = map[string]string{
	"go.mod":               "module example.com/m\n\ngo 1.26\n",
	"a.go":                 "package m\n",
	"cmd/app/main.go":      "package main\n\nfunc main() {}\n",
	"lib/lib.go":           "package lib\n\nfunc Run() {}\nfunc helper() {}\nvar Hook func()\n\ntype T struct{ Inner; Name string }\ntype Inner struct{ Size int }\n\nfunc (*T) Do() {}\nfunc (Inner) Close() {}\n\ntype G[E any] struct{}\n\nfunc (*G[E]) Put(E) {}\n\ntype Alias T\n",
	"lib/plan9/p.go":       "//go:build plan9\n\npackage plan9\n",
	"lib/broken/b.go":      "package broken\n\nfunc F() { return 1 }\n",
	"nested/go.mod":        "module example.com/nested\n",
	"nested/n.go":          "package nested\n",
	"internal/deep/x/x.go": "package x\n",
}

func workspaceOf(t *testing.T, files map[string]string, policy string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		write(name, text)
	}
	write(goplsconfig.FileName, policy)
	return dir
}

func compare(t *testing.T, dir, root string) *Result {
	t.Helper()
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOWORK", "off")
	s, err := goplsconfig.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(goplsconfig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := Policy(t.Context(), r, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestPolicy(t *testing.T) {
	rule := func(rest string) string { return "rules: [{id: a, message: b, " + rest + "}]" }
	rules := func(list ...string) string {
		var b strings.Builder
		b.WriteString("rules:\n")
		for i, rest := range list {
			b.WriteString("  - {id: " + string(rune('a'+i)) + ", message: b, " + rest + "}\n")
		}
		return b.String()
	}
	for _, test := range []struct{ name, policy, want string }{
		{"all is there", rules(
			"forbid-call: [os.Exit, log.Fatal*, (*net/http.Client).Do, (io.Reader).Read, (*example.com/m/lib.G).Put, \"(*example.com/m/lib.G[E]).Put\", (error).Error, example.com/m/lib.helper], in: [./...], except: [./cmd/...]",
			"forbid-type: [net/http.Client, sync.*], forbid-field: null",
			"forbid-field: [crypto/tls.Config.InsecureSkipVerify, crypto/tls.Config.Insecure*, net/url.*]"), ""},
		{"other platforms and broken code", rule("forbid-call: [syscall.CreateFile, syscall.Mount], in: [./lib/plan9, ./lib/broken, ./nested/..., example.com/nested]"), ""},
		{"not in the build", rule("forbid-import: [github.com/pkg/errors, example.com/other/..., 'github.com/pkg/errors@*']"), ""},
		{"symbol of what is not in the build", rule("forbid-call: [github.com/pkg/errors.New]"), ""},
		{"made of another type", rule("forbid-field: [example.com/m/lib.Alias.Name]"), ""},

		{"function", rule("forbid-call: [os.Exti]"), `1:43: os.Exti: os has no function Exti (did you mean "os.Exit"?)`},
		{"case", rule("forbid-call: [os.exit]"), `1:43: os.exit: os has no function exit (did you mean "os.Exit"?)`},
		{"prefix", rule("forbid-call: [log.Fatl*]"), `1:43: log.Fatl*: no function of log begins with Fatl (did you mean "log.Fatal*"?)`},
		{"package", rule("forbid-call: [http.Get]"), `1:43: http.Get: there is no package http in the standard library (write the import path in full: net/http)`},
		{"similar package", rule("forbid-call: [net/htp.Get]"), `1:43: net/htp.Get: there is no package net/htp in the standard library (did you mean "net/http"?)`},
		{"package of the workspace", rule("forbid-call: [example.com/m/libs.Run]"), `1:43: example.com/m/libs.Run: there is no package example.com/m/libs in the workspace (did you mean "example.com/m/lib"?)`},
		{"type as function", rule("forbid-call: [net/http.Client]"), `1:43: net/http.Client: Client is a type (forbid-type is for types; a method is written (*net/http.Client).Method)`},
		{"function as type", rule("forbid-type: [os.Exit]"), `1:43: os.Exit: Exit is a function (forbid-call is for functions)`},
		{"variable", rule("forbid-call: [example.com/m/lib.Hook]"), `1:43: example.com/m/lib.Hook: Hook is a variable, not a function (remove it)`},
		{"receiver", rule("forbid-call: [(net/http.Client).Do]"), `1:43: (net/http.Client).Do: its receiver is written otherwise (write (*net/http.Client).Do)`},
		{"promoted method", rule("forbid-call: [(*example.com/m/lib.T).Close]"), `1:43: (*example.com/m/lib.T).Close: T has no method Close of its own (write (example.com/m/lib.Inner).Close, from which it comes)`},
		{"promoted method of an interface", rule("forbid-call: [(io.ReadWriter).Read]"), `1:43: (io.ReadWriter).Read: ReadWriter has no method Read of its own (write (io.Reader).Read, from which it comes)`},
		{"method", rule("forbid-call: [(*net/http.Client).Doo]"), `1:43: (*net/http.Client).Doo: Client has no method Doo (did you mean "(*net/http.Client).Do"?)`},
		{"methods", rule("forbid-call: [(net/http.Client).D*]"), `1:43: (net/http.Client).D*: its receiver is written otherwise (write (*net/http.Client).D*)`},
		{"type of a method", rule("forbid-call: [(*net/http.Clint).Do]"), `1:43: (*net/http.Clint).Do: net/http has no type Clint (did you mean "net/http.Client"?)`},
		{"field", rule("forbid-field: [crypto/tls.Config.InsecureSkipVerfy]"), `1:44: crypto/tls.Config.InsecureSkipVerfy: Config has no field InsecureSkipVerfy (did you mean "crypto/tls.Config.InsecureSkipVerify"?)`},

		{"in", rule("forbid-import: unsafe, in: [./lib/..., ./libs/...]"), `1:68: "./libs/..." matches no package of the workspace (did you mean "./lib/..."?)`},
		{"in, in full", rule("forbid-import: unsafe, in: example.com/m/internal/depe/..."), `1:56: "example.com/m/internal/depe/..." matches no package of the workspace (did you mean "example.com/m/internal/deep/..."?)`},
		{"in, no folder above", rule("forbid-import: unsafe, in: ./cmds/m/..."), `1:56: "./cmds/m/..." matches no package of the workspace (mend the path, or remove it)`},
		{"in, moved", rule("forbid-import: unsafe, in: ./deep/..."), `1:56: "./deep/..." matches no package of the workspace (did you mean "./internal/deep/..."?)`},
		{"in, no guess", rule("forbid-import: unsafe, in: example.com/zzz"), `1:56: "example.com/zzz" matches no package of the workspace (mend the path, or remove it)`},
		{"except", rule("forbid-import: unsafe, except: [./cmds/...]"), `1:61: "./cmds/..." matches no package of the workspace, so it exempts nothing (did you mean "./cmd/..."?)`},
		{"except outside of in", rule("forbid-import: unsafe, in: ./lib/..., except: [./cmd/...]"), `1:76: "./cmd/..." exempts nothing: none of its packages is one that the rule is for (remove it, or widen in:)`},
		{"component", rule("layer: {components: {x: [./libs, database/sql, database/sqll], y: ./lib}, must-not-depend-on: {x: y}}"), "1:54: \"./libs\" matches no package of the workspace (did you mean \"./lib\"?)\n" +
			`1:76: there is no package database/sqll in the standard library (did you mean "database/sql"?)`},
		{"import of the workspace", rule("forbid-import: [example.com/m/libs]"), `1:45: "example.com/m/libs" matches no package of the workspace (did you mean "example.com/m/lib"?)`},
		{"exception", "suppress: {exceptions: [{analyzers: printf, in: ./libs, reason: a, owner: b, expires: never}]}", `1:49: "./libs" matches no package of the workspace, so it exempts nothing (did you mean "./lib"?)`},
		{"expired exception", "suppress: {exceptions: [{analyzers: printf, in: ./libs, reason: a, owner: b, expires: 2020-01-01}]}", ""},
		{"warm", "warm: {packages: [./libs/...]}", `1:19: "./libs/..." matches no package of the workspace (did you mean "./lib/..."?)`},

		{"shadowed", rules("forbid-call: [os.Exit]", "forbid-call: [os.Exit, os.Getwd], in: ./lib"), `3:39: rule "b" forbids "os.Exit" a second time: rule "a" does so wherever this one holds (remove it, or leave its packages out of a by except:)`},
		{"shadowed by a later one", rules("forbid-call: [os.Exit], in: ./lib", "forbid-call: [os.*]"), `2:39: rule "a" forbids "os.Exit" a second time: rule "b" does so wherever this one holds (remove it, or leave its packages out of b by except:)`},
		{"equal", rules("forbid-import: [example.com/x/...]", "forbid-import: [example.com/x/...]"), `3:41: rule "b" forbids "example.com/x/..." a second time: rule "a" does so wherever this one holds (remove it, or leave its packages out of a by except:)`},
		{"shadowed pattern", rules("forbid-import: [example.com/x/...]", "forbid-import: [example.com/x/y], except: ./cmd/..."), `3:41: rule "b" forbids "example.com/x/y" a second time: rule "a" does so wherever this one holds (remove it, or leave its packages out of a by except:)`},
		{"shadowed construct", rules("forbid-construct: go", "forbid-construct: [goto, go], tests: exclude"), `3:50: rule "b" forbids "go" a second time: rule "a" does so wherever this one holds (remove it, or leave its packages out of a by except:)`},
		{"not shadowed", rules("forbid-call: [os.Exit], except: ./lib", "forbid-call: [os.Exit], in: ./lib", "forbid-type: [os.File], tests: only", "forbid-type: [os.File], tests: exclude",
			"require-arg: {call: net/http.Post, arg: 3, must: non-nil}", "require-arg: {call: net/http.Post, arg: 1, must: constant}"), ""},
		{"shadowed by a later and wider one", rules("forbid-call: [os.Exit], in: ./lib", "forbid-call: [os.Exit], in: [./lib, ./cmd/...]"), `2:39: rule "a" forbids "os.Exit" a second time: rule "b" does so wherever this one holds (remove it, or leave its packages out of b by except:)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := workspaceOf(t, tree, strings.Replace(test.policy, ", forbid-field: null", "", 1))
			result := compare(t, dir, dir)
			got := ""
			if len(result.Errors) > 0 {
				got = strings.ReplaceAll(result.Errors.Error(), filepath.Join(dir, goplsconfig.FileName)+":", "")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if len(result.Warnings) > 0 {
				t.Errorf("warnings: %v", result.Warnings)
			}
		})
	}
}

// TestShared checks that a policy for many repositories may name what one of
// them lacks.
func TestShared(t *testing.T) {
	shared := workspaceOf(t, nil, "rules: [{id: a, message: b, forbid-call: [os.Exti], in: [example.com/elsewhere/...]}]")
	dir := workspaceOf(t, tree, "extends: ["+filepath.Join(shared, goplsconfig.FileName)+"]")
	result := compare(t, dir, dir)
	if len(result.Errors) > 0 {
		t.Errorf("errors: %v", result.Errors)
	}
	if len(result.Warnings) != 1 || result.Warnings[0].Message != "os.Exti: os has no function Exti" {
		t.Errorf("warnings: %v", result.Warnings)
	}
}

// TestWork checks that the modules of a go.work are one workspace, wherever they lie.
func TestWork(t *testing.T) {
	other := workspaceOf(t, map[string]string{"go.mod": "module example.com/other\n", "o/o.go": "package o\n"}, "")
	dir := workspaceOf(t, map[string]string{"go.work": "go 1.26\n\nuse (\n\t./a\n\t" + other + "\n)\n", "a/go.mod": "module example.com/a\n", "a/a.go": "package a\n"},
		"rules: [{id: a, message: b, forbid-import: unsafe, in: [example.com/a, example.com/other/o, example.com/a/b]}]")
	got := compare(t, dir, dir).Errors
	if len(got) != 1 || got[0].Message != `"example.com/a/b" matches no package of the workspace` {
		t.Errorf("errors: %v", got)
	}
}

func TestIsLasting(t *testing.T) {
	there, gone := t.TempDir(), filepath.Join(t.TempDir(), "gone")
	tests := []struct {
		out  string
		want bool
	}{
		{fmt.Sprintf(`{"ImportPath": "a", "Dir": %q}`, there), true},
		{fmt.Sprintf(`{"ImportPath": "a", "Dir": %q} {"ImportPath": "b", "Dir": %q}`, there, gone), false},
		{`{"ImportPath": "a", "Error": {"Err": "no required module provides it"}}`, false},
		{`{"ImportPath": "a"`, false},
	}
	for _, test := range tests {
		if got := isLasting([]byte(test.out)); got != test.want {
			t.Errorf("%s lasts: %v, want %v", test.out, got, test.want)
		}
	}
}

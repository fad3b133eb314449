//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/toolchain"
)

// What served a workspace serves it again as long as all that decides it is the same.
func TestLastBackend(t *testing.T) {
	settledAge = 0
	t.Cleanup(func() { settledAge = time.Minute })
	const policy = "version: 1\nanalyzers: {enable: [hearth]}\nextends: [team.yaml]\nsuppress: {exceptions: [{in: ./..., analyzers: [shadow], owner: a, reason: old code, expires: 2999-01-01}]}\ngopls: {completionBudget: 50ms, maxFileCacheBytes: 4000000000}\n"
	const modules = "a policy about modules, and "
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, dir string)
		same   bool
	}{
		{"nothing", func(*testing.T, string) {}, true},
		{"a source file", func(t *testing.T, dir string) { writeFiles(t, dir, "m.go", "package m\n") }, true},
		{"a commit", func(t *testing.T, dir string) { writeFiles(t, filepath.Dir(dir), ".git/index.lock", "") }, true},
		{modules + "nothing", func(*testing.T, string) {}, true},
		{modules + "go.mod", func(t *testing.T, dir string) { writeFiles(t, dir, "go.mod", goMod+"\n// x\n") }, false},
		{"the policy", func(t *testing.T, dir string) {
			writeFiles(t, filepath.Dir(dir), "hearth.yaml", "version: 1\n")
		}, false},
		{"what it extends", func(t *testing.T, dir string) { writeFiles(t, filepath.Dir(dir), "team.yaml", "version: 1 \n") }, false},
		{"a nearer policy", func(t *testing.T, dir string) { writeFiles(t, dir, "hearth.yaml", "version: 1\n") }, false},
		{"a nearer repository", func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"a setting", func(t *testing.T, dir string) { t.Setenv("HEARTH_GRAFTS", "none") }, false},
		{"what a pattern stands for", func(t *testing.T, dir string) {
			writeFiles(t, filepath.Dir(dir), "go.mod", "module example.com/other\n")
		}, false},
		{"a loss of power", func(t *testing.T, dir string) {
			store, err := toolchain.OpenStore()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(store.BackendPath(dir), 0); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"the bound gopls", func(t *testing.T, dir string) {
			w, err := openWorkspace(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			_, spec, _ := readLastBackend(w.store, dir, w.goTool)
			if err := os.RemoveAll(filepath.Dir(spec.Command[0])); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asUser(t)
			root := realDir(t)
			policy := policy
			if strings.HasPrefix(tt.name, modules) {
				policy += "rules:\n  - {id: old, message: take a newer one, forbid-import: \"golang.org/x/text@<v0.3.8\"}\n"
			}
			writeFiles(t, root, "hearth.yaml", policy, "team.yaml", "version: 1\n", ".git/HEAD", "", "go.mod", "module example.com/root\n", "m/go.mod", goMod)
			if strings.HasPrefix(tt.name, modules) {
				time.Sleep(2100 * time.Millisecond) // nothing is recalled of a go.mod that just changed
			}
			dir := filepath.Join(root, "m")
			remember(t, dir)
			w, err := openWorkspace(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			built, ok := w.store.Lookup(w.spec.Key())
			if !ok {
				t.Fatal("the toolchain is not built")
			}
			r, err := w.resolve(t.Context(), built)
			if err != nil {
				t.Fatal(err)
			}
			want, err := w.backend(r)
			if err != nil {
				t.Fatal(err)
			}

			tt.change(t, dir)
			b, spec, ok := readLastBackend(w.store, dir, w.goTool)
			if ok != tt.same {
				t.Fatalf("readLastBackend: %v, want %v", ok, tt.same)
			}
			if !ok {
				return
			}
			if !reflect.DeepEqual(spec, sessionSpec(want, built)) {
				t.Errorf("%+v\nwant %+v", spec, sessionSpec(want, built))
			}
			editor := map[string]any{"ui.completion.usePlaceholders": true, "maxFileCacheBytes": 1.0}
			got, err := json.Marshal(b.Settings(editor))
			if err != nil {
				t.Fatal(err)
			}
			if text, err := json.Marshal(want.Settings(editor)); err != nil || string(got) != string(text) {
				t.Errorf("settings %s\nwant %s, %v", got, text, err)
			}
		})
	}
}

// A policy that hangs on more than files is never remembered.
func TestNoLastBackend(t *testing.T) {
	settledAge = 0
	t.Cleanup(func() { settledAge = time.Minute })
	t.Run("what waits for trust", func(t *testing.T) {
		asUser(t)
		dir := realDir(t)
		writeFiles(t, dir, "hearth.yaml", "version: 1\n", "go.mod", goMod)
		remember(t, dir)
		writeFiles(t, dir, "hearth.yaml", "version: 1\ngopls: {buildFlags: [-tags=x]}\n")
		remember(t, dir)
		if _, err := os.Stat(openStore(t).BackendPath(dir)); !os.IsNotExist(err) {
			t.Error("it was remembered:", err)
		}
	})
	t.Run("a secret", func(t *testing.T) {
		asUser(t)
		t.Setenv(tokenVariable, "s3cret")
		dir := realDir(t)
		writeFiles(t, dir, "hearth.yaml", "version: 1\n", "go.mod", goMod)
		remember(t, dir)
		data, err := os.ReadFile(openStore(t).BackendPath(dir))
		if err != nil || strings.Contains(string(data), "s3cret") {
			t.Errorf("%s, %v", data, err)
		}
	})
	t.Run("a file that just changed", func(t *testing.T) {
		asUser(t)
		settledAge = time.Minute
		dir := realDir(t)
		writeFiles(t, dir, "hearth.yaml", "version: 1\n", "go.mod", goMod)
		remember(t, dir)
		if _, err := os.Stat(openStore(t).BackendPath(dir)); !os.IsNotExist(err) {
			t.Error("it was remembered:", err)
		}
	})
}

// remember has the backend of a workspace remembered, as an editor that has attached does.
func remember(t *testing.T, dir string) {
	t.Helper()
	w, _, err := prepare(t.Context(), dir, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := rememberBackend(t.Context(), w.store, dir, w.goTool); err != nil {
		t.Fatal(err)
	}
}

func openStore(t *testing.T) *toolchain.Store {
	t.Helper()
	store, err := toolchain.OpenStore()
	if err != nil {
		t.Fatal(err)
	}
	return store
}

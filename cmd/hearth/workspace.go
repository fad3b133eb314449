package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/mod/module"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/gocmd"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/modcache"
	"github.com/gohearth/hearth/internal/recall"
	"github.com/gohearth/hearth/toolchain"
	"github.com/gohearth/hearth/toolchain/grafts"
)

// workspace is the straight way from a folder to the binaries that obey its
// policy. Every command that needs them takes it:
//
//	openWorkspace   hearth.yaml and its layers, trust, the Go in use
//	ensure          the policy modules and the toolchain, fetched and built if they must be
//	resolve         the policy, checked against that toolchain, and bound to it
type workspace struct {
	dir     string // absolute
	source  *goplsconfig.Source
	trusted bool
	spec    *toolchain.Spec
	store   *toolchain.Store
	goTool  toolchain.Go

	// memory returns that of the state in which the workspace is found when
	// somebody first asks; nil if there is none.
	memory func() *recall.Memory
}

// openWorkspace reads what decides the toolchain of dir. Of the modules that a
// trusted policy extends it takes what is in the module cache: it asks no
// network, since editors wait for it. See fetch for the others.
func openWorkspace(ctx context.Context, dir string) (*workspace, error) {
	return openWorkspaceWith(dir, func(dir string) (toolchain.Go, error) { return toolchain.DetectGo(ctx, dir) })
}

// openWorkspaceWith takes the Go in use from detect.
func openWorkspaceWith(dir string, detect func(dir string) (toolchain.Go, error)) (*workspace, error) {
	dir, err := absDir(dir)
	if err != nil {
		return nil, err
	}
	w := &workspace{dir: dir}
	if w.store, err = toolchain.OpenStore(); err != nil {
		return nil, err
	}
	if w.source, err = goplsconfig.Load(dir); err != nil {
		return nil, err
	}
	if w.trusted, err = isTrusted(w.source); err != nil {
		return nil, err
	}
	if w.goTool, err = detect(dir); err != nil {
		return nil, err
	}
	w.memory = sync.OnceValue(func() *recall.Memory { return w.recall(false) })
	if w.trusted {
		if w.source, err = w.source.WithModules(w.modules().Lookup); err != nil {
			return nil, err
		}
	}
	return w, w.specify()
}

// recall returns the memory of what the go command said of the workspace, or of
// its modules alone; nil if it is to be asked every time.
func (w *workspace) recall(modulesOnly bool) *recall.Memory {
	return recallOf(w.dir, w.goTool, modulesOnly)
}

func recallOf(dir string, g toolchain.Go, modulesOnly bool) *recall.Memory {
	m, err := recall.Open(recall.Workspace{
		Dir: dir, Root: g.Root, Cache: g.Cache, CacheProg: g.CacheProg,
		Mod: g.Mod, Work: g.Work, EnvFile: g.EnvFile, Flags: g.Flags, ModulesOnly: modulesOnly,
	})
	if err != nil {
		return nil
	}
	return m
}

// modules is where the policy's modules are found.
func (w *workspace) modules() modcache.Cache { return modcache.Cache{Dir: w.goTool.ModCache} }

// specify says what toolchain the policy asks for.
func (w *workspace) specify() (err error) {
	var plugins []goplsconfig.Plugin
	if w.trusted {
		plugins = w.source.Plugins()
	}
	list, err := chosenGrafts()
	if err != nil {
		return err
	}
	if w.spec, err = toolchain.NewSpec(w.goTool, plugins, list); err != nil {
		return err
	}
	w.spec.Sums = append(slices.Clone(w.source.Sums), w.source.Fetched...)
	return nil
}

// chosenGrafts are the grafts of the user's settings, all of them by default.
func chosenGrafts() ([]*grafts.Graft, error) {
	list, err := grafts.Choose(os.Getenv(settings["grafts"]))
	if err != nil {
		return nil, usageError{fmt.Errorf("--grafts, or %s: %w", settings["grafts"], err)}
	}
	return list, nil
}

// missing returns the modules that the policy may extend, and that have to be
// fetched first.
func (w *workspace) missing() []string {
	if !w.trusted {
		return nil
	}
	return w.source.Missing()
}

// fetch fetches the modules that the policy extends.
func (w *workspace) fetch(ctx context.Context, progress func(string)) error {
	if len(w.missing()) == 0 {
		return nil
	}
	source, err := fetchModules(ctx, w.source, w.modules(), progress)
	if err != nil {
		return err
	}
	w.source = source
	return w.specify()
}

// fetchModules returns a trusted policy with all modules that it extends.
func fetchModules(ctx context.Context, s *goplsconfig.Source, modules modcache.Cache, progress func(string)) (*goplsconfig.Source, error) {
	return s.WithModules(func(v module.Version) (goplsconfig.Module, error) {
		if m, err := modules.Lookup(v); err == nil {
			return m, nil
		}
		if progress != nil {
			progress("fetching the policy " + v.String())
		}
		return modules.Fetch(ctx, v)
	})
}

// absDir returns dir as an absolute path without symbolic links, as editors and
// the go command name it.
func absDir(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return "", fmt.Errorf("opening the workspace: %w", err)
	}
	if info, err := os.Stat(abs); err != nil {
		return "", fmt.Errorf("opening the workspace: %w", err)
	} else if !info.IsDir() {
		return "", fmt.Errorf("opening the workspace: %q is not a folder", abs)
	}
	return abs, nil
}

// needModule refuses a folder in which Go finds no module.
func (w *workspace) needModule() error {
	for dir := w.dir; ; dir = filepath.Dir(dir) {
		for _, name := range []string{"go.mod", "go.work"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return nil
			}
		}
		if dir == filepath.Dir(dir) {
			return hint.Add(fmt.Errorf("%q is not in a Go module", w.dir), "run hearth in a folder with a go.mod, or \"go mod init\" there first")
		}
	}
}

// ensure returns the toolchain of the workspace, building it if it must, from
// the whole policy, fetching what that lacks.
func (w *workspace) ensure(ctx context.Context, progress func(string)) (t *toolchain.Toolchain, built bool, err error) {
	if err := w.fetch(ctx, progress); err != nil {
		return nil, false, err
	}
	t, built, err = w.store.Ensure(ctx, w.spec, progress)
	if err != nil {
		return nil, false, err
	}
	if err := writeSums(w.source, t.Sums, progress); err != nil {
		return nil, false, err
	}
	// What served last matters only to a workspace with plugins that may fail
	// to build; a store that cannot be written still serves.
	_ = w.store.Use(w.dir, t)
	return t, built, nil
}

// resolved is a workspace whose policy was checked and bound.
type resolved struct {
	*goplsconfig.Resolved
	bound        *toolchain.Bound
	api          *goplsconfig.API
	namesModules bool // the rules hang on the versions of the build
}

// resolve checks the policy against the toolchain and binds it.
func (w *workspace) resolve(ctx context.Context, t *toolchain.Toolchain) (*resolved, error) {
	api, err := t.API()
	if err != nil {
		return nil, err
	}
	r, err := w.source.Resolve(goplsconfig.Options{API: api, Trusted: w.trusted})
	if err != nil {
		return nil, err
	}
	out := &resolved{Resolved: r, api: api}
	if r.Policy.Rules, err = out.forbidModules(ctx, w, r.Policy.Rules); err != nil {
		return nil, err
	}
	if out.bound, err = w.store.Bind(t, &r.Policy); err != nil {
		return nil, err
	}
	return out, nil
}

// forbidModules puts the versions of the build into rules that are about modules.
// The go command is asked only where there are such rules, and a go.mod has
// changed: an editor that attaches waits for this, and must not wait longer in a
// larger workspace.
func (r *resolved) forbidModules(ctx context.Context, w *workspace, rules []policy.Rule) ([]policy.Rule, error) {
	if !goplsconfig.NamesModules(rules) {
		return rules, nil
	}
	r.namesModules = true
	build, err := goplsconfig.BuildModules(ctx, gocmd.Go{Dir: w.dir, Env: r.env(), Memory: w.recall(true)}, r.buildFlags())
	if err != nil {
		return nil, err
	}
	return goplsconfig.ForbidModules(rules, build)
}

// prepare takes the whole way.
func prepare(ctx context.Context, dir string, progress func(string)) (*workspace, *resolved, error) {
	w, err := openWorkspace(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	t, _, err := w.ensure(ctx, progress)
	if err != nil {
		return w, nil, err
	}
	r, err := w.resolve(ctx, t)
	return w, r, err
}

// environ is the environment in which gopls runs: the Go of the workspace comes
// first on PATH, as the go command itself arranges for the tools that it runs.
// Where GOTOOLCHAIN chooses another Go than the one on PATH, gopls would
// otherwise meet both, and quietly leave most analyzers out.
func (w *workspace) environ() []string { return environOf(w.goTool) }

func environOf(g toolchain.Go) []string {
	bin := filepath.Join(g.Root, "bin")
	return append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// env and buildFlags are the policy's say in how Go runs, which gopls and
// `go vet` must share. They are empty in an untrusted workspace.
func (r *resolved) env() (list []string) {
	env, _ := r.Gopls["env"].(map[string]any)
	for key, value := range env {
		list = append(list, fmt.Sprintf("%s=%v", key, value))
	}
	slices.Sort(list) // so that the same policy is the same command each time
	return list
}

func (r *resolved) buildFlags() (list []string) {
	flags, _ := r.Gopls["buildFlags"].([]any)
	for _, f := range flags {
		list = append(list, fmt.Sprint(f))
	}
	return list
}

// isTrusted reports whether what the policy would run was trusted, or it would
// run nothing.
func isTrusted(s *goplsconfig.Source) (bool, error) {
	store, err := goplsconfig.OpenTrustStore()
	if err != nil {
		return false, err
	}
	return store.Trusted(s.Root, s.TrustDigest()), nil
}

// writeSums adds the lines of the policy's modules and plugins that hearth.sum
// lacks, and says so. A checkout that cannot be written, as in CI, is told what
// to commit and is no failure: what was fetched is the same with the lines.
func writeSums(s *goplsconfig.Source, plugins []string, progress func(string)) error {
	all, added, err := s.AddSums(append(slices.Clone(s.Fetched), plugins...))
	if err != nil || len(added) == 0 {
		return err
	}
	if progress == nil {
		progress = func(string) {}
	}
	err = atomicfile.Write(s.SumFile(), []byte(strings.Join(all, "\n")+"\n"), 0o644)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		progress(fmt.Sprintf("%s cannot be written; run hearth where it can and commit it, with: %s", s.SumFile(), strings.Join(added, "; ")))
		return nil
	}
	if err == nil {
		progress(fmt.Sprintf("added %d lines to %s; commit it", len(added), s.SumFile()))
	}
	return err
}

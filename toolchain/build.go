package toolchain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/toolchain/grafts"
)

//go:embed templates
var templateFS embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templateFS, "templates/*.tmpl"))
})

// ldflags leave the debugger's tables out: they are a third of the binary and
// much of the link time, and crash reports do not need them.
const ldflags = "-ldflags=-w"

// buildDigest hashes how things are built, so that a changed template or file makes
// new toolchains.
func buildDigest() string {
	h := sha256.New()
	for _, name := range []string{"register.go.tmpl", "vettool.go.tmpl", "nocompile.go.tmpl"} {
		data, err := templateFS.ReadFile("templates/" + name)
		if err != nil {
			panic(err) // embedded above
		}
		h.Write(data)
	}
	h.Write([]byte(ldflags + " " + apiName))
	return hex.EncodeToString(h.Sum(nil))
}

func digestOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// A builder makes one toolchain in a temporary folder of the store:
//
//	gopls/   the private copy, with the grafts, our registration file and the vettool's main
//	hearth/  the linked sources as a module of their own
//	out/     what will be published
type builder struct {
	*Spec
	progress func(string)
	dir      string
}

func (b *builder) src() string { return filepath.Join(b.dir, "gopls") }
func (b *builder) out() string { return filepath.Join(b.dir, "out") }

func (b *builder) build(ctx context.Context, s *Store) (_ *Toolchain, err error) {
	if b.dir, err = s.tempDir("build"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(b.dir)

	t := &Toolchain{Key: b.key, Gopls: b.release.gopls, Go: b.Go.Version, Plugins: b.Plugins}
	b.progress("fetching gopls " + b.release.gopls)
	if err := b.fetch(ctx); err != nil {
		return nil, err
	}
	if t.Grafts, t.LeftOut, err = grafts.Apply(b.src(), b.Grafts); err != nil {
		return nil, err
	}
	for _, g := range t.LeftOut {
		b.progress(fmt.Sprintf("warning: graft %s does not fit gopls %s and is left out: %s", g.Name, b.release.gopls, g.Why))
	}
	if err := b.link(ctx); err != nil {
		return nil, err
	}
	if t.Sums, err = b.addPlugins(ctx); err != nil {
		return nil, err
	}
	if err := b.generate(); err != nil {
		return nil, err
	}
	b.progress("compiling the vettool")
	vettool := filepath.Join(b.out(), "vettool"+exeSuffix(b.Go.OS))
	if err := b.compile(ctx, vettool, "./hearthvet"); err != nil {
		return nil, err
	}
	if err := b.describe(ctx, vettool); err != nil {
		return nil, err
	}
	if t.OwnTypes = b.release.ownTypes; t.OwnTypes {
		if err := b.compile(ctx, filepath.Join(b.out(), "nocompile"+exeSuffix(b.Go.OS)), "./hearthnocompile"); err != nil {
			return nil, err
		}
	}
	b.progress("compiling gopls")
	gopls := filepath.Join(b.out(), "gopls"+exeSuffix(b.Go.OS))
	if err := b.compile(ctx, gopls, "."); err != nil {
		return nil, err
	}
	api, err := b.run(ctx, b.dir, gopls, "api-json")
	if err != nil {
		return nil, fmt.Errorf("asking gopls for its settings: %w", err)
	}
	encoded, err := encodeAPI([]byte(api))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(b.out(), apiName), encoded, 0o644); err != nil {
		return nil, err
	}
	manifest, err := json.MarshalIndent(t, "", "\t")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(b.out(), manifestName), append(manifest, '\n'), 0o644); err != nil {
		return nil, err
	}
	t.dir = filepath.Join(s.dir, "toolchains", b.key)
	return t, s.publish(b.out(), t.dir)
}

// fetch copies the pinned gopls out of the module cache. Tests stay behind:
// they are most of the module.
func (b *builder) fetch(ctx context.Context) error {
	if err := os.MkdirAll(b.out(), 0o755); err != nil {
		return err
	}
	m := module{goplsModule, b.release.gopls, b.release.minGo, b.release.sum, b.release.modSum}
	dir, err := m.download(ctx, b.Go, filepath.Join(b.dir, "pin"))
	if err != nil {
		return hint.Add(fmt.Errorf("fetching gopls %s: %w", b.release.gopls, err),
			"check the network and GOPROXY; once in the module cache, gopls is built without a network")
	}
	return copyTree(dir, b.src())
}

// copyTree copies a module without its tests and makes the copy writable.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "testdata" || rel == "integration" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
}

// link writes hearth's own sources as a module beside the copy. Its go.mod
// requires nothing: every package that the sources import comes at the version
// that gopls pins.
func (b *builder) link(ctx context.Context) error {
	root := filepath.Join(b.dir, "hearth")
	err := walkLinked(b.Grafts, func(path string, data []byte) error {
		file := filepath.Join(root, filepath.FromSlash(path))
		return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644))
	})
	if err != nil {
		return err
	}
	gomod := "module " + hearthModule + "\n\ngo " + strings.TrimPrefix(b.release.minGo, "go") + "\n"
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte(gomod), 0o644); err != nil {
		return err
	}
	_, err = b.goRun(ctx, b.src(), "mod", "edit", "-replace="+hearthModule+"=../hearth", "-require="+hearthModule+"@v0.0.0")
	return err
}

// hearthModule is the path of this module, whose packages are linked in.
const hearthModule = "github.com/gohearth/hearth"

// addPlugins adds the plugins one by one, so that a failure has a name, and
// returns the go.sum lines that came with them.
func (b *builder) addPlugins(ctx context.Context) (sums []string, err error) {
	if len(b.Plugins) == 0 {
		return nil, nil
	}
	path := filepath.Join(b.src(), "go.sum")
	before, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seeded := append(bytes.Clone(before), strings.Join(append(b.Sums, ""), "\n")...)
	if err := os.WriteFile(path, seeded, 0o644); err != nil {
		return nil, err
	}
	for _, p := range b.Plugins {
		b.progress("adding plugin " + p.Import)
		if err := b.addPlugin(ctx, p); err != nil {
			return nil, err
		}
		if _, err := b.goRun(ctx, b.src(), "build", p.Import); err != nil {
			return nil, pluginError(p, fmt.Errorf("it does not compile: %w", err))
		}
	}
	after, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	known := strings.Split(string(before), "\n")
	for line := range strings.Lines(string(after)) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(known, line) {
			sums = append(sums, line)
		}
	}
	return sums, nil
}

// generate writes the files of ours in the private copy.
func (b *builder) generate() error {
	type plugin struct {
		goplsconfig.Plugin
		Alias string
	}
	var plugins []plugin
	for i, p := range b.Plugins {
		plugins = append(plugins, plugin{p, fmt.Sprintf("plugin%d", i)})
	}
	for name, file := range map[string]string{
		"register.go.tmpl": "internal/settings/hearth.go",
		"vettool.go.tmpl":  "hearthvet/main.go",

		"nocompile.go.tmpl": "hearthnocompile/main.go",
	} {
		var buf bytes.Buffer
		if err := templates().ExecuteTemplate(&buf, name, plugins); err != nil {
			return fmt.Errorf("generating %s: %w", file, err)
		}
		path := filepath.Join(b.src(), filepath.FromSlash(file))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, buf.Bytes(), 0o644)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) compile(ctx context.Context, out, pkg string) error {
	_, err := b.goRun(ctx, b.src(), "build", ldflags, "-o", out, pkg)
	if err != nil {
		for i, p := range b.Plugins { // a variable that a plugin does not have is found here
			if alias := fmt.Sprintf("plugin%d.", i); ctx.Err() == nil && strings.Contains(err.Error(), alias) {
				return pluginError(p, errors.New(strings.ReplaceAll(err.Error(), alias, p.Import+".")))
			}
		}
		return fmt.Errorf("compiling %s: %w", strings.TrimSuffix(filepath.Base(out), exeSuffix(runtime.GOOS)), err)
	}
	return nil
}

// describe merges what the vettool says of its analyzers into the description
// that gopls prints by api-json. The vettool runs every registration in doing
// so, so a plugin with a name that is taken, or none, ends the build here.
func (b *builder) describe(ctx context.Context, vettool string) error {
	out, err := b.run(ctx, b.dir, vettool, "-hearth-suite")
	if err != nil {
		return fmt.Errorf("listing the analyzers: %w", err)
	}
	path := filepath.Join(b.src(), "internal", "doc", "api.json")
	api, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	merged, err := mergeAPI(api, []byte(out))
	if err != nil {
		return fmt.Errorf("describing the analyzers: %w", err)
	}
	return os.WriteFile(path, merged, 0o644)
}

func (b *builder) goRun(ctx context.Context, dir string, args ...string) (stdout string, err error) {
	cmd := b.Go.Command(dir, args...)
	cmd.Env = append(cmd.Env, "GOTMPDIR="+b.dir) // an interrupted go build removes nothing
	return output(ctx, cmd)
}

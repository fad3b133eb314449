package main

import (
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/proxytest"
)

// corp is an organisation that publishes its policy, and a repository that
// extends it.
type corp struct {
	t     *testing.T
	proxy proxytest.Proxy
	dir   string
}

const policyModule = "corp.example/go-policy"

// newCorp returns a repository that extends a version of the policy. The go
// command has no module in its cache, and takes those of gopls from the real one.
func newCorp(t *testing.T, version string) *corp {
	asUser(t)
	c := &corp{t, proxytest.New(t), realDir(t)}
	t.Setenv("GONOSUMDB", "corp.example/*")
	c.emptyCache()
	c.online()
	writeFiles(t, c.dir,
		"go.mod", "module example.com/m\n\ngo 1.26\n",
		"a.go", "package m\n\nimport \"os\"\n\nfunc Foo() { os.Exit(1) }\n",
	)
	c.extend(version)
	return c
}

func (c *corp) online() {
	c.t.Setenv("GOPROXY", c.proxy.URL()+",file://"+filepath.ToSlash(filepath.Join(goEnv()["GOMODCACHE"], "cache", "download")))
}

func (c *corp) offline() { c.t.Setenv("GOPROXY", "off") }

// emptyCache is a fresh machine.
func (c *corp) emptyCache() (dir string) {
	dir = proxytest.ModCache(c.t)
	c.t.Setenv("GOMODCACHE", dir)
	return dir
}

func (c *corp) extend(version string) {
	c.t.Helper()
	writeFiles(c.t, c.dir, "hearth.yaml", fmt.Sprintf("version: 1\nextends: [{module: %s, version: %s}]\n", policyModule, version))
}

// publish publishes a version of the policy with one rule, for a call.
func (c *corp) publish(version, message, call string) {
	c.t.Helper()
	c.proxy.Publish(c.t, policyModule, version,
		"go.mod", "module "+policyModule+"\n",
		"hearth.yaml", "rules:\n  - id: corp\n    message: "+message+"\n    forbid-call: "+call+"\n    in: ./...\n")
}

func (c *corp) sums() string {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, "hearth.sum"))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

// vet runs hearth vet, which must end with this status and print a finding, or
// nothing, and say all of the texts on stderr.
func (c *corp) vet(wantStatus int, finding string, says ...string) {
	c.t.Helper()
	stdout, stderr, status := hearth(c.t, c.dir, "vet")
	if !strings.HasPrefix(stdout, finding) || (stdout == "") != (finding == "") || status != wantStatus {
		c.t.Fatalf("hearth vet: exit status %d, want %d with %q\n%sstderr:\n%s", status, wantStatus, finding, stdout, stderr)
	}
	for _, text := range says {
		if !strings.Contains(stderr, text) {
			c.t.Errorf("hearth vet does not say %q:\n%s", text, stderr)
		}
	}
}

func TestExtendsModule(t *testing.T) {
	c := newCorp(t, "v1.4.0")
	c.publish("v1.4.0", "return an error", "os.Exit")
	c.publish("v1.5.0", "read the file", "os.Stat")

	c.offline()
	c.vet(0, "", "fetches the policy corp.example/go-policy@v1.4.0")
	if left, _ := os.ReadDir(os.Getenv("GOMODCACHE")); len(left) > 0 {
		t.Errorf("without trust there is %v in the module cache", left)
	}

	c.online()
	mustHearth(t, c.dir, "trust")
	first := c.sums()
	if lines := strings.Count(first, "corp.example/go-policy v1.4.0"); lines != 2 {
		t.Errorf("hearth.sum is\n%s", first)
	}
	c.offline()

	c.vet(1, "a.go:5:17: return an error (corp)")
	if out := mustHearth(t, c.dir, "config", "explain", "rules.corp"); !strings.Contains(out, "* corp.example/go-policy@v1.4.0/hearth.yaml:2:5: rules: corp\n") {
		t.Errorf("explained:\n%s", out)
	}
	s := edit(t, c.dir)
	uri := s.open(filepath.Join(c.dir, "a.go"))
	s.awaitDiagnostics(uri, "rules", "return an error (corp)")

	c.extend("v1.5.0") // not trusted yet
	s.awaitDiagnostics(uri, "rules")
	c.online()
	mustHearth(t, c.dir, "trust")
	c.vet(0, "")
	if !strings.HasPrefix(c.sums(), first) {
		t.Errorf("hearth.sum was\n%sand is\n%s", first, c.sums())
	}
}

func TestExtendsModuleSums(t *testing.T) {
	c := newCorp(t, "v1.4.0")
	c.publish("v1.4.0", "return an error", "os.Exit")
	mustHearth(t, c.dir, "trust")
	good := c.sums()
	sum := strings.Fields(good)[2]
	tampered := strings.Replace(good, sum, "h1:"+strings.Repeat("A", 43)+"=", 1)
	writeFiles(t, c.dir, "hearth.sum", tampered)
	c.vet(2, "", "hearth.yaml:2:11: the policy corp.example/go-policy@v1.4.0 is not the one that hearth.sum records", sum, "h1:AAAA")
	if c.sums() != tampered {
		t.Errorf("hearth.sum was changed to\n%s", c.sums())
	}

	writeFiles(t, c.dir, "hearth.sum", good)
	c.publish("v1.4.0", "anything goes", "os.Stat")
	c.vet(1, "a.go:5:17: return an error (corp)") // it is in the module cache
	c.emptyCache()
	c.vet(2, "", "is not the one that hearth.sum records: downloaded ", `recorded "corp.example/go-policy v1.4.0 `+sum)
	if c.sums() != good {
		t.Errorf("hearth.sum was changed to\n%s", c.sums())
	}
}

// An editor does not wait for a slow network: the rest of the policy answers
// until the module is there.
func TestExtendsModuleLSP(t *testing.T) {
	c := newCorp(t, "v1.4.0")
	c.publish("v1.4.0", "return an error", "os.Exit")
	mustHearth(t, c.dir, "trust")
	mustHearth(t, c.dir, "build")

	c.emptyCache()
	s := edit(t, c.dir)
	uri := s.open(filepath.Join(c.dir, "a.go"))
	s.awaitLog("the policy corp.example/go-policy@v1.4.0 is being fetched; the rest of the policy applies")
	s.awaitDiagnostics(uri, "rules", "return an error (corp)")

	c.emptyCache()
	c.offline()
	s = edit(t, c.dir)
	s.open(filepath.Join(c.dir, "a.go"))
	s.awaitLog("the policy is without corp.example/go-policy@v1.4.0", "module lookup disabled by GOPROXY=off")
}

// unpublished returns a repository on a fresh machine, whose trusted policy is on
// no proxy until somebody publishes it again.
func unpublished(t *testing.T) *corp {
	c := newCorp(t, "v1.4.0")
	c.publish("v1.4.0", "return an error", "os.Exit")
	mustHearth(t, c.dir, "trust")
	mustHearth(t, c.dir, "build")
	c.emptyCache()
	c.proxy = proxytest.New(t)
	c.online()
	return c
}

// A fetch that failed is tried again when the policy is touched.
func TestExtendsModuleLater(t *testing.T) {
	c := unpublished(t)
	s := edit(t, c.dir)
	uri := s.open(filepath.Join(c.dir, "a.go"))
	s.awaitLog("the policy is without corp.example/go-policy@v1.4.0")
	c.publish("v1.4.0", "return an error", "os.Exit")
	c.extend(`"v1.4.0"`) // said differently
	s.awaitDiagnostics(uri, "rules", "return an error (corp)")
}

// And after a while, if nothing is touched.
func TestRefetch(t *testing.T) {
	c := unpublished(t)
	p := newProvider(slog.New(slog.DiscardHandler))
	p.refetch = time.Millisecond
	ask := func() string {
		t.Helper()
		b, err := p.Backend(t.Context(), c.dir)
		if err != nil {
			t.Fatal(err)
		}
		return b.Note
	}
	if note := ask(); !strings.Contains(note, "is being fetched") {
		t.Errorf("at first it says %q", note)
	}
	ended := func() {
		t.Helper()
		select {
		case <-p.built:
		case <-time.After(time.Minute):
			t.Fatalf("no try ends; it says %q", ask())
		}
	}
	for range 3 { // each try fails, and brings about another
		ended()
		if note := ask(); !strings.Contains(note, "the policy is without corp.example/go-policy@v1.4.0") {
			t.Errorf("after a failure it says %q", note)
		}
	}
	c.publish("v1.4.0", "return an error", "os.Exit")
	for {
		ended()
		if w, err := openWorkspace(t.Context(), c.dir); err != nil {
			t.Fatal(err)
		} else if len(w.missing()) == 0 {
			break
		}
		ask()
	}
}

// What is wrong in a module is shown where it is extended.
func TestExtendsModuleDiagnostics(t *testing.T) {
	c := newCorp(t, "v1.4.0")
	c.publish("v1.4.0", "no", "os.Exti")
	c.proxy.Publish(t, policyModule, "v1.5.0", "go.mod", "module "+policyModule+"\n", "hearth.yaml", "version: 1\nruels: []\n")
	c.publish("v1.6.0", "no", "os.Exit")
	mustHearth(t, c.dir, "trust")
	mustHearth(t, c.dir, "build")

	s := edit(t, c.dir)
	s.open(filepath.Join(c.dir, "a.go"))
	policy := lsp.FileURI(filepath.Join(c.dir, "hearth.yaml"))
	s.awaitDiagnostics(policy, "hearth", `corp.example/go-policy@v1.4.0/hearth.yaml:4:18: os.Exti: os has no function Exti (did you mean "os.Exit"?)`)
	list, _ := s.Diagnostics(policy)
	entry := lsp.Range{Start: lsp.Position{Line: 1, Character: 10}, End: lsp.Position{Line: 1, Character: 59}}
	if got := list[0]; got.Range != entry || got.Severity != lsp.SeverityWarning {
		t.Errorf("severity %d at %v, want a warning at %v", got.Severity, got.Range, entry)
	}

	c.extend("v1.5.0")
	mustHearth(t, c.dir, "trust")
	s.awaitDiagnostics(policy, "hearth", `corp.example/go-policy@v1.5.0/hearth.yaml:2:1: "ruels" is no key of a policy file (did you mean "rules"?)`)
	c.extend("v1.6.0")
	mustHearth(t, c.dir, "trust")
	s.awaitDiagnostics(policy, "hearth")
}

func TestExtendsModuleCycle(t *testing.T) {
	c := newCorp(t, "v1.4.0")
	for from, to := range map[string]string{policyModule: "corp.example/other", "corp.example/other": policyModule} {
		c.proxy.Publish(t, from, "v1.4.0", "go.mod", "module "+from+"\n", "hearth.yaml", "extends: [{module: "+to+", version: v1.4.0}]\n")
	}
	_, stderr, status := hearth(t, c.dir, "trust")
	const want = "corp.example/other@v1.4.0/hearth.yaml:1:11: corp.example/go-policy extends itself: "
	if status != 2 || !strings.Contains(stderr, want) {
		t.Errorf("exit status %d, and no %q in\n%s", status, want, stderr)
	}
}

// A module brings analyzers of its own at its own version.
func TestExtendsModulePlugin(t *testing.T) {
	files := []string{
		"go.mod", "module " + policyModule + "\n\ngo 1.26\n\nrequire golang.org/x/tools v0.47.0\n",
		"hearth.yaml", "analyzers:\n  plugins:\n    - import: " + policyModule + "/lint/nofoo\n",
		"lint/nofoo/nofoo.go", `package nofoo

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

var Analyzer = &analysis.Analyzer{
	Name: "nofoo",
	Doc:  "nofoo: report functions named Foo",
	Run: func(pass *analysis.Pass) (any, error) {
		for _, f := range pass.Files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "Foo" {
					pass.Reportf(fn.Name.Pos(), "Foo is no name")
				}
			}
		}
		return nil, nil
	},
}
`}
	// The store of toolchains outlives the test: other files are another version.
	version := fmt.Sprintf("v1.%d.0", crc32.ChecksumIEEE([]byte(strings.Join(files, "\n"))))
	c := newCorp(t, version)
	// With a plugin the go command reads go.mod files of modules that gopls alone
	// does without, and which no other test may have brought into the cache.
	t.Setenv("GOPROXY", os.Getenv("GOPROXY")+","+goEnv()["GOPROXY"])
	c.proxy.Publish(t, policyModule, version, files...)
	if out := mustHearth(t, c.dir, "trust"); !strings.Contains(out, "compiles and runs the plugin corp.example/go-policy/lint/nofoo@"+version+"\n") {
		t.Errorf("trusted:\n%s", out)
	}
	c.vet(1, "a.go:5:6: Foo is no name (nofoo)")
	if sums := c.sums(); strings.Count(sums, "corp.example/go-policy "+version) != 2 {
		t.Errorf("hearth.sum is\n%s", sums)
	}
}

// A checkout that cannot be written is told what to commit.
func TestSumsReadOnly(t *testing.T) {
	dir := realDir(t)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Create(filepath.Join(dir, "x")); err == nil {
		f.Close()
		t.Skip("root writes everywhere")
	}
	source, err := goplsconfig.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	var said string
	err = writeSums(source, []string{"corp.example/p v1.0.0 h1:x"}, func(text string) { said += text })
	if want := "hearth.sum cannot be written; run hearth where it can and commit it, with: corp.example/p v1.0.0 h1:x"; err != nil || !strings.HasSuffix(said, want) {
		t.Errorf("said %q, %v", said, err)
	}
}

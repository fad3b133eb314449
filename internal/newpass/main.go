// The newpass command begins a new analyzer:
//
//	go run ./internal/newpass NAME
//
// It writes analyzers/NAME, a pass that compiles, has a test and reports an
// example, and registers it in analyzers/suite.go. It writes all of that or
// nothing.
package main

import (
	"embed"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/atomicfile"
)

func main() {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/newpass NAME")
		os.Exit(2)
	}
	name := os.Args[1]
	if err := create(".", name); err != nil {
		fmt.Fprintln(os.Stderr, "newpass:", err)
		os.Exit(1)
	}
	fmt.Print(strings.ReplaceAll(next, "NAME", name))
}

const next = `wrote analyzers/NAME and registered it in analyzers/suite.go; next:

  1. say in analyzers/NAME/doc.go what the mistake is, what to write instead, and the limits
  2. replace the example in NAME.go and testdata; go test ./analyzers/NAME
  3. choose the severity in analyzers/suite.go, add NAME to ourNames in
     goplsconfig/api.go, and enable it in goplsconfig/default.yaml if a senior
     reviewer would raise what it finds
  4. go run ./internal/docs -w
  5. go run ./internal/parity DIR, on a real repository: read what it reports
`

// create adds the pass to the module at root.
//
// The folder appears by a rename and the suite changes by another, so that
// whoever watches never sees a part of either. Only a failure between the two
// needs undoing.
func create(root, name string) error {
	suite := filepath.Join(root, "analyzers", "suite.go")
	src, err := os.ReadFile(suite)
	if err != nil {
		return fmt.Errorf("not at the root of the repository: %w", err)
	}
	if err := checkName(name); err != nil {
		return err
	}
	dir := filepath.Join(root, "analyzers", name)
	if _, err := os.Lstat(dir); err == nil {
		return fmt.Errorf("%s exists", filepath.ToSlash(filepath.Join("analyzers", name)))
	}
	registered, err := register(src, name)
	if err != nil {
		return err
	}
	if err := writePass(dir, name); err != nil {
		return err
	}
	if err := atomicfile.Write(suite, registered, 0o644); err != nil {
		os.RemoveAll(dir)
		return err
	}
	return nil
}

var lowerCase = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// checkName refuses what cannot be the name of a new pass. A name of gopls's
// would replace its pass, which is a decision to take by hand.
func checkName(name string) error {
	if !lowerCase.MatchString(name) {
		return fmt.Errorf("%q is no package name: use lower-case letters and digits", name)
	}
	if token.IsKeyword(name) || name == "main" {
		return fmt.Errorf("%q means something to Go", name)
	}
	for _, e := range analyzers.Suite(&policy.Policy{}) {
		if strings.EqualFold(e.Analyzer.Name, name) {
			return fmt.Errorf("the suite has an analyzer %s already", e.Analyzer.Name)
		}
	}
	for _, list := range []map[string]string{analyzers.GoplsOnly, analyzers.EditorOnly} {
		if what, ok := list[name]; ok {
			return fmt.Errorf("gopls has an analyzer %s already: %s", name, what)
		}
	}
	return nil
}

//go:embed templates
var templates embed.FS

// writePass writes the folder of the pass under another name, which the go
// command ignores, and renames it.
func writePass(dir, name string) (err error) {
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "."+name+".*.tmp")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) // a no-op after the rename
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	err = fs.WalkDir(templates, "templates", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := templates.ReadFile(file)
		if err != nil {
			return err
		}
		to := filepath.Join(tmp, filepath.FromSlash(outputs(path.Base(file), name)))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, []byte(strings.ReplaceAll(string(text), "NAME", name)), 0o644)
	})
	if err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

// outputs returns where the template goes in the folder of the pass.
func outputs(template, name string) string {
	switch file := strings.TrimSuffix(template, ".tmpl"); file {
	case "a.go":
		return "testdata/src/a/a.go"
	default:
		return strings.ReplaceAll(file, "NAME", name)
	}
}

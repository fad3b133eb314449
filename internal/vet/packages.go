package vet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"slices"
	"strings"
	"sync"

	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/internal/gocmd"
)

// packages is what a list of packages came to.
type packages struct {
	tested map[string]bool // by path, whether its tests are in the package too; nil: all are meant
	err    error
}

// has reports whether the findings of a unit are wanted: "p", "p_test" with its
// tests from outside, maybe with a variant in brackets, or what
// [report.Imported] marks. A package with tests inside was asked for with them;
// without, what only they use looks unused.
func (p packages) has(unit string) bool {
	if p.tested == nil {
		return true
	}
	unit, imported := strings.CutSuffix(unit, report.Imported)
	path, _, _ := strings.Cut(unit, " [")
	if tested, ok := p.tested[path]; ok {
		return !imported || !tested
	}
	path, outside := strings.CutSuffix(path, "_test")
	_, ok := p.tested[path]
	return outside && ok
}

// askedFor lists the packages that the patterns match, while go vet runs. Before
// Go 1.27 the vettool looks at imported packages of the workspace too, and the
// go command repeats what it found in them.
func (o *Options) askedFor(ctx context.Context) (wait func() packages) {
	if o.Go == "" || version.Compare(o.Go, "go1.27") >= 0 {
		return func() packages { return packages{} }
	}
	result := make(chan packages, 1)
	list := func() {
		args := append([]string{"list", "-e", "-f={{.ImportPath}} {{len .TestGoFiles}}"}, o.Flags...)
		var stdout bytes.Buffer
		_, err := anyStatus(o.goCommand().Recall(ctx, gocmd.Command{Args: append(append(args, "--"), o.Patterns...), Stdout: &stdout}))
		p := packages{make(map[string]bool), err}
		for line := range strings.Lines(stdout.String()) {
			path, tests, _ := strings.Cut(strings.TrimSpace(line), " ")
			p.tested[path] = tests != "0"
		}
		result <- p
	}
	if slices.ContainsFunc(o.Env, func(setting string) bool { return strings.HasPrefix(setting, "GOCACHEPROG=") }) {
		list() // two programs at once would give and take the same things
	} else {
		go list()
	}
	return sync.OnceValue(func() packages { return <-result })
}

// noPackages is the error of a run that no package matches.
type noPackages struct{ message string }

func (e noPackages) Error() string { return e.message }

// list splits the packages that the patterns match into those that load and
// the errors of those that do not.
func (o *Options) list(ctx context.Context) (good []string, broken []Error, err error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Error,DepsErrors,Match"}, o.Flags...)
	stdout, stderr, err := o.goOutput(ctx, append(append(args, "--"), o.Patterns...))
	if err != nil {
		return nil, nil, err
	}
	type packageError struct {
		ImportStack []string
		Pos, Err    string
	}
	dec := json.NewDecoder(bytes.NewReader(stdout))
	for dec.More() {
		var p struct {
			ImportPath string
			Error      *packageError
			DepsErrors []*packageError
		}
		if err := dec.Decode(&p); err != nil {
			return nil, nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		if p.Error == nil && len(p.DepsErrors) == 0 {
			good = append(good, p.ImportPath)
			continue
		}
		if p.Error != nil {
			p.DepsErrors = append(p.DepsErrors, p.Error)
		}
		for _, e := range p.DepsErrors {
			excluded := e == p.Error && strings.HasPrefix(e.Err, "build constraints exclude all Go files")
			broken = append(broken, o.position(Error{Package: p.ImportPath, Message: strings.TrimSpace(e.Err), Excluded: excluded}, e.Pos))
		}
	}
	if len(good) == 0 && len(broken) == 0 {
		return nil, nil, noPackages{fmt.Sprintf("go list: %s", bytes.TrimSpace(stderr))}
	}
	return good, broken, nil
}

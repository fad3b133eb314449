package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/progress"
	"github.com/gohearth/hearth/internal/vet"
)

// vetBuild says for which builds packages are analysed, and for how long.
type vetBuild struct {
	goos, goarch string
	tags         []string
	matrix       bool
	tests        bool
	timeout      time.Duration

	flagged  func(name string) bool // whether a flag was given
	progress *vet.Progress
}

func (b *vetBuild) flags(fs *pflag.FlagSet) {
	fs.StringSliceVar(&b.tags, "tags", nil, "build `tags`, separated by commas, in place of those of the policy")
	fs.StringVar(&b.goos, "goos", "", "the operating `system` to build for")
	fs.StringVar(&b.goarch, "goarch", "", "the `processor` to build for")
	fs.BoolVar(&b.matrix, "matrix", false, "analyse for each build of vet.matrix in hearth.yaml, and report each finding once")
	fs.BoolVar(&b.tests, "tests", true, "whether findings in test files count, in place of vet.tests in hearth.yaml")
	fs.Lookup("tests").DefValue = "false" // the help shows no default: it is the policy's
	fs.DurationVar(&b.timeout, "timeout", 0, "give up after a `duration` such as 10m")
	b.flagged = fs.Changed
	b.progress = new(vet.Progress)
}

// check refuses flags that do not go together.
func (b *vetBuild) check() error {
	if b.timeout < 0 || b.timeout == 0 && b.flagged("timeout") {
		return hint.Add(usageError{fmt.Errorf("--timeout=%s leaves no time", b.timeout)}, "write a duration such as 10m")
	}
	for _, name := range []string{"goos", "goarch", "tags"} {
		if b.matrix && b.flagged(name) {
			return hint.Add(usageError{fmt.Errorf("--matrix and --%s exclude each other", name)}, "write the build into vet.matrix of %s", policyName)
		}
	}
	return nil
}

// errTimeout is the cause of a context that --timeout ended.
var errTimeout = errors.New("timed out")

func (b *vetBuild) start(ctx context.Context) (context.Context, context.CancelFunc) {
	if b.timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, b.timeout, errTimeout)
}

// end says of a run that took too long how far it came. What it found so far is
// not reported: half a report looks like a whole one.
func (b *vetBuild) end(ctx context.Context, err error) error {
	if _, said := errors.AsType[exitCode](err); err == nil || said || context.Cause(ctx) != errTimeout {
		return err
	}
	return hint.Add(fmt.Errorf("--timeout=%s ran out: %s", b.timeout, b.progress),
		"what was analysed is in the cache of the go command, and the next run goes on from there")
}

// set puts into o, and into the policy, what the flags ask for.
func (b *vetBuild) set(w *workspace, r *resolved, o *vet.Options) (err error) {
	if b.flagged("tests") {
		r.Vet.Tests = b.tests
	}
	o.Progress = b.progress
	switch {
	case b.matrix && len(r.Vet.Matrix) == 0:
		return hint.Add(usageError{errors.New("--matrix needs builds, and the policy names none")}, "write vet: {matrix: [{goos: linux}, {goos: windows}]} in %s", policyName)
	case b.matrix:
		o.Builds, err = matrixBuilds(w, r)
	case b.flagged("goos") || b.flagged("goarch") || b.flagged("tags"):
		only := goplsconfig.MatrixBuild{GOOS: b.goos, GOARCH: b.goarch}
		if b.flagged("tags") {
			only.Tags = append([]string{}, b.tags...)
		}
		build, fix, err := newBuild(w, r, only)
		if err != nil {
			return hint.Add(usageError{err}, "%s", fix)
		}
		o.Builds = []vet.Build{build}
	}
	return err
}

func matrixBuilds(w *workspace, r *resolved) ([]vet.Build, error) {
	var builds []vet.Build
	var problems goplsconfig.Problems
	for _, m := range r.Vet.Matrix {
		build, fix, err := newBuild(w, r, m)
		if err != nil {
			problems = append(problems, goplsconfig.Problem{
				File: m.At.File, Line: m.At.Line, Column: m.At.Column,
				Message: "a build of vet.matrix: " + err.Error(), Hint: fix,
			})
		} else if !slices.ContainsFunc(builds, func(other vet.Build) bool { return other.Name == build.Name }) {
			builds = append(builds, build)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return builds, nil
}

// newBuild turns a build into what the go command is told. Whether cgo is on in a
// build for another platform is left to the go command, for which it is off
// unless somebody said otherwise.
func newBuild(w *workspace, r *resolved, m goplsconfig.MatrixBuild) (b vet.Build, fix string, err error) {
	goos, goarch := r.setting("GOOS", w.goTool.OS), r.setting("GOARCH", w.goTool.Arch)
	if m.GOOS != "" {
		goos = m.GOOS
		b.Env = append(b.Env, "GOOS="+goos)
	}
	if m.GOARCH != "" {
		goarch = m.GOARCH
		b.Env = append(b.Env, "GOARCH="+goarch)
	}
	if fix, err := goplsconfig.CheckPlatform(goos, goarch); err != nil {
		return b, fix, err
	}
	b.Name = goos + "/" + goarch
	if m.Tags != nil {
		flag := "-tags=" + strings.Join(m.Tags, ",")
		b.Flags = []string{flag}
		b.Name += " " + flag
	}
	if m.Cgo != nil {
		setting := "CGO_ENABLED=0"
		if *m.Cgo {
			setting = "CGO_ENABLED=1"
		}
		b.Env = append(b.Env, setting)
		b.Name += " " + setting
	}
	return b, "", nil
}

// setting returns a variable as the go command will see it.
func (r *resolved) setting(name, otherwise string) string {
	value := os.Getenv(name)
	for _, s := range r.env() {
		if v, ok := strings.CutPrefix(s, name+"="); ok {
			value = v
		}
	}
	return cmp.Or(value, otherwise)
}

// run analyses, and shows how far that is to whoever sits at a terminal.
func (b *vetBuild) run(ctx context.Context, c *command, r *resolved, o vet.Options) (*vet.Report, error) {
	if progress.IsTerminal(c.stderr) {
		unwatch, err := b.progress.Watch()
		if err != nil {
			return nil, err
		}
		defer unwatch()
		defer progress.Live(c.stderr, b.progress.Line)()
	}
	report, err := vet.Run(ctx, o)
	if err == nil && !r.Vet.Tests {
		report.DropTests() // the go command analyses them in any case
	}
	return report, err
}

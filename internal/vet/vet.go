// Package vet runs a vettool through `go vet` and turns what it prints into a
// [Report].
//
// It relies on the go command for everything that it does well: which packages
// exist, in which order they are analysed, caching, and running every file once
// (as part of the widest test variant). Only two things are added. Findings get
// the severity and URL that the toolchain knows of their analyzer, and packages
// that cannot be loaded become errors of the report, where plain `go vet` gives
// up on all packages for the sake of one bad import.
package vet

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/gocmd"
	"github.com/gohearth/hearth/internal/recall"
)

// Options says what to run. Dir, Root and Vettool are absolute paths.
type Options struct {
	Dir      string   // where the go command runs; patterns are relative to it
	Root     string   // the workspace root, to which reported files are relative
	Vettool  string   // a bound vettool
	Patterns []string // packages; empty means ./..., or all of the go.work in Dir
	Flags    []string // build flags of the policy
	Env      []string // environment of the policy, as KEY=VALUE
	Builds   []Build  // empty means one, of what is above
	Work     string   // the go.work in force without Env, or "" or "off"
	Go       string   // version of the Go that runs, such as "go1.26.8"

	// Toolexec is a program for the flag of that name, "" for none. It gives way
	// to one that Flags, GoFlags or Env ask for.
	Toolexec string
	GoFlags  string // GOFLAGS without Env
	TmpDir   string // GOTMPDIR without Env

	// Describe returns what is known of an analyzer. category is the
	// diagnostic's own, by which the rules analyzer names the rule.
	Describe func(analyzer, category string) (severity, url string)

	// Memory, unless nil, is that of the workspace as it is. Whoever changes files
	// between two runs has none for the second.
	Memory *recall.Memory

	// Exceptions are those of the policy that Vettool obeys.
	Exceptions []policy.Exception

	// Progress, unless nil, is told how far the run is.
	Progress *Progress

	// Profile has every package analysed anew, and [Report.Profile] filled in.
	Profile bool

	profileDir string
}

// Run analyses the packages. The error is for a run that could not take place;
// packages that do not compile are in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	o.Patterns = o.patterns()
	if o.Profile {
		var err error
		if o.profileDir, err = os.MkdirTemp("", "hearth-profile-*"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(o.profileDir)
		o.Memory = nil
	}
	r, err := o.runAll(ctx)
	if err == nil && o.Profile {
		r.Profile, err = readProfile(o.profileDir)
	}
	return r, err
}

// run analyses the packages for one build.
func (o *Options) run(ctx context.Context) (*Report, error) {
	r := &Report{Diagnostics: []Diagnostic{}, Errors: []Error{}}
	asked := o.askedFor(ctx)
	defer asked() // it ends with the run
	units, stderr, err := o.goVet(ctx, r, asked, o.Patterns)
	if err != nil {
		return nil, err
	}
	if units == 0 && loadFailed(stderr) {
		good, broken, err := o.list(ctx)
		if err != nil {
			return nil, err
		}
		if len(broken) == 0 {
			return nil, fmt.Errorf("go vet: %s", bytes.TrimSpace(stderr))
		}
		r.Errors = append(r.Errors, broken...)
		stderr = nil
		if len(good) > 0 {
			if _, stderr, err = o.goVet(ctx, r, asked, good); err != nil {
				return nil, err
			}
		}
	}
	said, err := o.ask(ctx, o.parseErrors(stderr))
	if err != nil {
		return nil, err
	}
	r.Errors = append(r.Errors, said...)
	r.normalize()
	return r, nil
}

// goVet runs go vet, adds to r what it prints while it prints it, and returns of
// how many units that was.
func (o *Options) goVet(ctx context.Context, r *Report, asked func() packages, patterns []string) (units int, stderr []byte, err error) {
	args := append([]string{"vet", "-json", "-vettool=" + o.Vettool, "-" + report.ShowSuppressed}, o.Flags...)
	if o.leavesOutCompiler() {
		args = append(args, "-toolexec="+o.Toolexec)
	}
	if o.profileDir != "" {
		args = append(args, "-"+report.Profile+"="+o.profileDir)
	}
	env, remove := o.work()
	defer remove()
	if len(env) == 0 || !strings.HasPrefix(env[0], "GOTMPDIR=") {
		// An interrupted go vet dies on the spot and removes nothing.
		dir, err := os.MkdirTemp(o.tmpDir(), "hearth-vet-*")
		if err != nil {
			return 0, nil, err
		}
		defer os.RemoveAll(dir)
		env = append(env, "GOTMPDIR="+dir)
	}
	read, write := io.Pipe()
	var readErr error
	done := make(chan struct{})
	go func() {
		defer close(done)
		units, readErr = o.addDiagnostics(r, read, asked)
		_, _ = io.Copy(io.Discard, read) // what is behind an error
	}()
	if file := o.Progress.watched(); file != "" {
		env = append(env, report.Started+"="+file)
	}
	stderr, err = anyStatus(o.goCommand().Recall(ctx, gocmd.Command{
		Args:   append(append(args, "--"), patterns...),
		Stdout: write,
		Work:   env,
		Tools:  []string{o.Vettool, o.Toolexec},
	}))
	write.Close()
	<-done
	return units, stderr, cmp.Or(err, readErr)
}

// work returns settings by which the go command works faster, and what takes
// them back. They are not for a compiler, which writes large archives and would
// take up several times the memory.
func (o *Options) work() (env []string, remove func()) {
	remove = func() {}
	if !o.leavesOutCompiler() {
		return nil, remove
	}
	if !o.sets("GOTMPDIR") && o.TmpDir == "" {
		var dir string
		if dir, remove = workDir(); dir != "" {
			env = append(env, "GOTMPDIR="+dir)
		}
	}
	// The go command allocates much and keeps little: collecting was a fifth of
	// its processor time.
	if !o.sets("GOGC") && !o.sets("GOMEMLIMIT") {
		env = append(env, "GOGC="+report.GoGC)
	}
	return env, remove
}

// sets reports whether the policy or the environment set a variable.
func (o *Options) sets(name string) bool {
	own := func(setting string) bool { return strings.HasPrefix(setting, name+"=") }
	return os.Getenv(name) != "" || slices.ContainsFunc(o.Env, own)
}

// tmpDir returns the folder for temporary files that the go command would take, ""
// for that of the system.
func (o *Options) tmpDir() string {
	dir := cmp.Or(os.Getenv("GOTMPDIR"), o.TmpDir)
	for _, setting := range o.Env {
		if value, ok := strings.CutPrefix(setting, "GOTMPDIR="); ok {
			dir = value
		}
	}
	return dir
}

// leavesOutCompiler reports whether Toolexec is used: it is there, and the
// user's flags name no other.
func (o *Options) leavesOutCompiler() bool {
	if o.Toolexec == "" {
		return false
	}
	goflags := o.GoFlags
	for _, setting := range o.Env {
		if value, ok := strings.CutPrefix(setting, "GOFLAGS="); ok {
			goflags = value
		}
	}
	return !slices.ContainsFunc(append(strings.Fields(goflags), o.Flags...), func(flag string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, `-'"`), "=") // those of GOFLAGS may be in quotes
		return name == "toolexec" || name == "compiler"
	})
}

// goOutput runs the go command and returns what it prints. A status other than 0
// is no error.
func (o *Options) goOutput(ctx context.Context, args []string) (stdout, stderr []byte, err error) {
	var out bytes.Buffer
	stderr, err = anyStatus(o.goCommand().Run(ctx, gocmd.Command{Args: args, Stdout: &out}))
	return out.Bytes(), stderr, err
}

func (o *Options) goCommand() gocmd.Go { return gocmd.Go{Dir: o.Dir, Env: o.Env, Memory: o.Memory} }

// anyStatus forgives that the go command failed, which says nothing: 1 may mean
// anything.
func anyStatus(stderr []byte, err error) ([]byte, error) {
	if _, exited := errors.AsType[*exec.ExitError](err); exited {
		err = nil
	}
	return stderr, err
}

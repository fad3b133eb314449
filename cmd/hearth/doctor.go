package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/toolchain"
	"github.com/gohearth/hearth/toolchain/grafts"
)

func (c *command) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor [DIR]",
		Short: "Find what is wrong with the set-up of DIR, and say how to mend it",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d := &doctor{c: c}
			d.workspace(cmd.Context(), dirArg(args))
			d.binary()
			d.path()
			d.editors()
			d.watches(dirArg(args))
			d.daemon(cmd.Context())
			if d.failed > 0 {
				fmt.Fprintf(c.stdout, "%d problems\n", d.failed)
				return exitCode(1)
			}
			return nil
		},
	}
}

// doctor prints one line for each thing that it looks at.
type doctor struct {
	c      *command
	failed int
}

func (d *doctor) ok(format string, args ...any) { d.line("ok  ", fmt.Sprintf(format, args...)) }
func (d *doctor) warn(format string, args ...any) {
	d.line("warn", fmt.Sprintf(format, args...))
}

// fail prints an error and its hint.
func (d *doctor) fail(err error) {
	d.failed++
	d.line("FAIL", err.Error())
	if h := hint.Of(err); h != "" {
		d.line("    ", "to mend it: "+h)
	}
}

func (d *doctor) line(mark, text string) {
	fmt.Fprintf(d.c.stdout, "%s  %s\n", mark, strings.ReplaceAll(text, "\n", "\n      "))
}

// workspace checks Go, the policy, trust and the toolchain. It builds nothing.
func (d *doctor) workspace(ctx context.Context, dir string) {
	w, err := openWorkspace(ctx, dir)
	if err != nil {
		d.fail(err)
		return
	}
	d.ok("%s builds gopls %s", w.goTool.Version, w.spec.Gopls())
	if err := w.needModule(); err != nil {
		d.fail(err)
	}
	if w.trusted {
		d.ok("the policy may do all that it asks for")
	} else {
		d.warn("the policy is not trusted, so it may not:\n%s\nto allow it: hearth trust", strings.Join(w.source.Danger(), "\n"))
	}
	if missing := w.missing(); len(missing) > 0 {
		d.fail(hint.Add(fmt.Errorf("the policy extends %s, which is not in the module cache", strings.Join(missing, ", ")), "run %q", "hearth build"))
		return
	}
	t, ok := w.store.Lookup(w.spec.Key())
	if !ok {
		err := errors.New("the toolchain of this workspace is not built")
		if last, stale := w.store.Last(w.dir); stale {
			err = fmt.Errorf("%w; editors get the one before (gopls %s, %s)", err, last.Gopls, last.Go)
		}
		d.fail(hint.Add(err, "run %q", "hearth build"))
		return
	}
	d.ok("toolchain %s is built", t.Key)
	d.grafts(t)
	r, err := w.resolve(ctx, t)
	if err != nil {
		d.fail(err)
		return
	}
	if r.File == "" {
		d.ok("no hearth.yaml: the default policy applies")
	} else {
		d.ok("%s is right", r.File)
	}
	for _, p := range r.Warnings {
		d.warn("%v", p)
	}
}

// grafts tells what was changed in gopls.
func (d *doctor) grafts(t *toolchain.Toolchain) {
	in := strings.Join(t.Grafts, ", ")
	d.ok("grafts in its gopls: %s", cmp.Or(in, grafts.None))
	for _, g := range t.LeftOut {
		d.warn("graft %s does not fit gopls %s and is left out: %s", g.Name, t.Gopls, g.Why)
	}
}

// binary checks the installed hearth.
func (d *doctor) binary() {
	to, err := installPaths()
	if err != nil {
		d.fail(err)
		return
	}
	have, err := os.ReadFile(to.hearth)
	if err != nil {
		d.fail(hint.Add(fmt.Errorf("hearth is not installed: %w", err), "run %q", "hearth setup"))
		return
	}
	if _, err := os.Stat(to.gopls); err != nil {
		d.fail(hint.Add(fmt.Errorf("the launcher of the editors is missing: %w", err), "run %q", "hearth setup"))
		return
	}
	self, _ := os.Executable()
	if running, err := os.ReadFile(self); err == nil && !bytes.Equal(have, running) {
		d.warn("%s is another build than the hearth that you run now; \"hearth setup\" replaces it", to.hearth)
		return
	}
	d.ok("%s is installed", to.hearth)
}

// path reports a gopls on PATH: an editor that is not wired starts that one.
func (d *doctor) path() {
	if path, ok := stockGopls(); ok {
		d.warn("%s is on PATH: what is not wired to hearth uses it, without the policy", path)
	}
}

func (d *doctor) editors() {
	to, err := installPaths()
	if err != nil {
		return // reported by binary
	}
	env, err := editor.System(to.gopls)
	if err != nil {
		d.fail(err)
		return
	}
	found := false
	for _, e := range editor.All {
		if !e.Detect(env).Found {
			continue
		}
		found = true
		if err := e.Check(env); err != nil {
			d.fail(fmt.Errorf("%s does not start hearth: %w", e.Title(), err))
		} else {
			d.ok("%s starts hearth", e.Title())
		}
		for _, w := range e.Warnings(env) {
			d.warn("%s: %s", e.Title(), w)
		}
	}
	if !found {
		d.warn("no editor that hearth can wire was found")
	}
}

// watches compares the folders of the workspace with Linux's limit on watches.
func (d *doctor) watches(dir string) {
	data, err := os.ReadFile("/proc/sys/fs/inotify/max_user_watches")
	if err != nil {
		return // not Linux
	}
	limit, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return
	}
	folders := 0
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			folders++
		}
		return nil
	})
	if folders*2 > limit { // other programs watch as well
		d.fail(hint.Add(fmt.Errorf("fs.inotify.max_user_watches is %d, and the workspace has %d folders", limit, folders),
			"run %q as root", fmt.Sprintf("sysctl fs.inotify.max_user_watches=%d", max(524288, folders*4))))
		return
	}
	d.ok("fs.inotify.max_user_watches is %d, for %d folders", limit, folders)
}

// daemon tells how the sessions are. Without a daemon editors work as well.
func (d *doctor) daemon(ctx context.Context) {
	client, err := daemonClient()
	if err != nil {
		d.fail(err)
		return
	}
	status, err := client.Status(ctx)
	switch {
	case errors.Is(err, daemon.ErrNone):
		d.ok("no daemon is running; the first editor starts it")
		return
	case err != nil:
		d.fail(hint.Add(fmt.Errorf("the daemon does not answer: %w", err), "see %q; end it with %q", "hearth logs", "hearth stop --all"))
		return
	}
	if status.Version != daemon.Version() {
		d.warn("the daemon, process %d, is of another build than this hearth; the next start of an editor replaces it", status.Pid)
	}
	d.ok("the daemon, process %d, keeps %d sessions", status.Pid, len(status.Sessions))
	for _, s := range status.Sessions {
		if strings.Contains(s.Watcher, "polling") {
			d.warn("%s: %s", s.Root, s.Watcher)
		}
		if s.Restarts > 0 {
			d.warn("%s: gopls was started again %d times; see \"hearth logs\"", s.Root, s.Restarts)
		}
	}
}

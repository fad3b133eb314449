package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/progress"
)

// setupOptions are the flags of hearth setup.
type setupOptions struct {
	editors []string
	yes     bool
	dryRun  bool
}

func (c *command) setupCommand() *cobra.Command {
	var o setupOptions
	var snippet string
	cmd := &cobra.Command{
		Use:   "setup [DIR]",
		Short: "Do all of it: install, build, warm, wire the editors, and prove that it works",
		Long: `Set up the workspace DIR (default: here) for this user.

Setup installs hearth, shows what the policy would run and asks for trust, builds
the toolchain, warms the caches, wires the editors that it finds, and then starts
hearth as an editor would to see a hover and a diagnostic of its own.

Without a terminal, nothing is asked: an untrusted policy is then applied except
for what it would run, unless --yes says that it is trusted.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if snippet != "" {
				return c.printConfig(snippet)
			}
			if names := os.Getenv("HEARTH_EDITORS"); names != "" && !cmd.Flags().Changed("editors") {
				o.editors = strings.Split(names, ",")
			}
			s := &setup{command: c, o: o, display: progress.New(c.stderr)}
			return s.run(cmd.Context(), dirArg(args))
		},
	}
	cmd.Flags().StringSliceVar(&o.editors, "editors", nil, "editors to wire: vscode, neovim, vim, or none (default: all that are found)")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "trust the policy and ask nothing")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "show what would change, and change nothing")
	cmd.Flags().StringVar(&snippet, "print-config", "", "only print what to add to an editor's configuration by hand")
	return cmd
}

// printConfig is for those who wire an editor by hand.
func (c *command) printConfig(name string) error {
	to, err := installPaths()
	if err != nil {
		return err
	}
	env, err := editor.System(to.gopls)
	if err != nil {
		return err
	}
	text, err := editor.PrintConfig(env, name)
	if err != nil {
		return usageError{err}
	}
	_, err = io.WriteString(c.stdout, text)
	return err
}

// setup is one run of hearth setup. Each step is a method; the first that
// fails ends the run, and the table shows how far it came.
type setup struct {
	*command
	o       setupOptions
	display *progress.Display

	w  *workspace
	r  *resolved
	to installed
}

func (s *setup) run(ctx context.Context, dir string) error {
	editors, err := s.chooseEditors()
	if err != nil {
		return err
	}
	if s.w, err = openWorkspace(ctx, dir); err != nil {
		return err
	}
	if err := s.w.needModule(); err != nil {
		return err
	}
	if s.o.dryRun {
		return s.preview(editors)
	}
	err = s.steps(ctx, editors)
	fmt.Fprintf(s.stdout, "\n%s", s.display.Table())
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "\nIn CI, after installing hearth:  hearth vet\n")
	return nil
}

func (s *setup) steps(ctx context.Context, editors []editor.Editor) error {
	for _, step := range []struct {
		name string
		do   func(context.Context, *progress.Step) error
	}{
		{"install", s.install},
		{"trust", s.trust},
		{"build", s.build},
		{"policy", s.policy},
		{"warm", s.warm},
		{"editors", func(ctx context.Context, st *progress.Step) error { return s.wire(st, editors) }},
		{"proof", s.prove},
		{"park", s.park},
	} {
		st := s.display.Start(step.name)
		if err := step.do(ctx, st); err != nil {
			st.Fail("%s", oneLine(err))
			return err
		}
	}
	return nil
}

// chooseEditors returns the editors to wire; a wrong name is found before
// anything is done.
func (s *setup) chooseEditors() ([]editor.Editor, error) {
	if len(s.o.editors) == 0 {
		return editor.All, nil
	}
	var list []editor.Editor
	for _, name := range s.o.editors {
		if name == "none" {
			continue
		}
		e, err := editor.ByName(strings.TrimSpace(name))
		if err != nil {
			return nil, usageError{err}
		}
		list = append(list, e)
	}
	return list, nil
}

func (s *setup) install(_ context.Context, st *progress.Step) (err error) {
	var changed bool
	if s.to, changed, err = installSelf(); err != nil {
		return err
	}
	if changed {
		st.Done("%s", s.to.hearth)
	} else {
		st.Done("%s, up to date", s.to.hearth)
	}
	return nil
}

func (s *setup) trust(ctx context.Context, st *progress.Step) error {
	danger := s.w.source.Danger()
	switch {
	case len(danger) == 0:
		st.Done("the policy runs nothing; no trust needed")
		return nil
	case s.w.trusted:
		st.Done("trusted before")
		return nil
	case !s.o.yes && !s.ask(danger):
		st.Skip("not trusted, so the policy may not: %s", strings.Join(danger, "; "))
		return nil
	}
	store, err := goplsconfig.OpenTrustStore()
	if err != nil {
		return err
	}
	if err := store.Trust(s.w.source.Root, s.w.source.TrustDigest()); err != nil {
		return err
	}
	// The modules and the plugins count from now on.
	if s.w, err = openWorkspace(ctx, s.w.dir); err != nil {
		return err
	}
	if err := s.w.fetch(ctx, func(step string) { st.Detail("%s", step) }); err != nil {
		return err
	}
	st.Done("the policy may now: %s", strings.Join(s.w.source.Danger(), "; "))
	return nil
}

// ask asks on a terminal, and takes silence for no.
func (s *setup) ask(danger []string) bool {
	in, ok := s.stdin.(*os.File)
	if !ok || !progress.IsTerminal(in) || !progress.IsTerminal(s.stderr) {
		return false
	}
	fmt.Fprintf(s.stderr, "\nThe policy of %s\n", s.w.source.Root)
	for _, what := range danger {
		fmt.Fprintf(s.stderr, "  - %s\n", what)
	}
	fmt.Fprint(s.stderr, "Trust it? [y/N] ")
	answer, _ := bufio.NewReader(io.LimitReader(in, 100)).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

func (s *setup) build(ctx context.Context, st *progress.Step) error {
	t, built, err := s.w.ensure(ctx, func(step string) { st.Detail("%s", step) })
	if err != nil {
		return err
	}
	state := "built"
	if !built {
		state = "was there"
	}
	st.Done("gopls %s and vettool for %s, toolchain %s, %s", t.Gopls, t.Go, t.Key, state)
	return nil
}

func (s *setup) policy(ctx context.Context, st *progress.Step) error {
	t, ok := s.w.store.Lookup(s.w.spec.Key())
	if !ok {
		return errors.New("the toolchain was removed while it was needed")
	}
	var err error
	if s.r, err = s.w.resolve(ctx, t); err != nil {
		return err
	}
	name := s.r.File
	if name == "" {
		name = "default policy (no hearth.yaml)"
	}
	on := 0
	for _, a := range s.r.Policy.Analyzers {
		if a.Enabled {
			on++
		}
	}
	st.Done("%s: %d analyzers on, %d rules", name, on, len(s.r.Policy.Rules))
	return nil
}

func (s *setup) warm(ctx context.Context, st *progress.Step) error {
	report, err := cachewarm.Run(ctx, s.w.warmOptions(s.r, func(detail string) { st.Detail("%s", detail) }))
	if err != nil {
		return err
	}
	st.Done("first hover %s, was %s", report.FirstHoverAfter.Round(time.Millisecond), report.FirstHoverBefore.Round(time.Millisecond))
	return nil
}

func (s *setup) wire(st *progress.Step, editors []editor.Editor) error {
	env, err := editor.System(s.to.gopls)
	if err != nil {
		return err
	}
	var done []string
	for _, e := range editors {
		if d := e.Detect(env); !d.Found {
			if len(s.o.editors) > 0 {
				return hint.Add(fmt.Errorf("%s was asked for, but not found: %s", e.Title(), d.Reason), "leave it out of --editors")
			}
			continue
		}
		changes, err := editor.Install(env, e)
		if err != nil {
			return fmt.Errorf("wiring %s: %w", e.Title(), err)
		}
		state := "wired"
		if len(changes) == 0 {
			state = "wired before"
		}
		done = append(done, e.Title()+" "+state)
	}
	if len(done) == 0 {
		st.Skip("none found")
		return nil
	}
	st.Done("%s", strings.Join(done, ", "))
	return nil
}

func (s *setup) prove(ctx context.Context, st *progress.Step) error {
	p, err := prove(ctx, s.to.gopls, s.w, s.r)
	if err != nil {
		return fmt.Errorf("starting hearth as an editor does: %w", err)
	}
	st.Done("hover after %s; %s: %s", p.hover.Round(time.Millisecond), p.analyzer, p.diagnostic)
	return nil
}

// park comes after the editors are wired, since it is for them.
func (s *setup) park(ctx context.Context, st *progress.Step) error {
	if os.Getenv("HEARTH") == "0" {
		st.Skip("HEARTH=0")
		return nil
	}
	parked, err := s.w.park(ctx, s.r, s.w.likely(), func(editor string) { st.Detail("%s", editor) })
	if err != nil { // editors do without, and say why
		st.Skip("%s", oneLine(err))
		return nil
	}
	st.Done("a loaded gopls waits for %s", strings.Join(parked, ", "))
	return nil
}

// preview says what a run would do.
func (s *setup) preview(editors []editor.Editor) error {
	to, err := installPaths()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "would install %s\n", to.hearth)
	if !s.w.trusted {
		s.showDanger(s.w.source)
	}
	if _, ok := s.w.store.Lookup(s.w.spec.Key()); !ok {
		fmt.Fprintf(s.stdout, "would build gopls %s and the vettool with %s in %s\n", s.w.spec.Gopls(), s.w.goTool.Version, s.w.store.Dir())
	}
	fmt.Fprintf(s.stdout, "would warm the caches of %s, and park a loaded gopls\n", s.w.dir)
	env, err := editor.System(to.gopls)
	if err != nil {
		return err
	}
	for _, e := range editors {
		if !e.Detect(env).Found {
			continue
		}
		changes, err := e.Plan(env)
		if err != nil {
			return err
		}
		if len(changes) > 0 {
			fmt.Fprintf(s.stdout, "would wire %s:\n%s", e.Title(), editor.Diff(changes))
		}
	}
	return nil
}

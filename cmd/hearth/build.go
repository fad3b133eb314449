package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/toolchain"
)

// dirArg returns the folder that a command was pointed at.
func dirArg(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func (c *command) buildCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "build [DIR]",
		Short: "Build the gopls and the vettool that the policy of DIR asks for",
		Long: `Build the gopls and the vettool that the policy of DIR asks for.

The gopls has grafts: changes that make it faster, or that the rest of hearth
needs (docs/grafts.md tells of each). To compare it with one that has none, or
only some of them, set HEARTH_GRAFTS for every command, or "grafts" in your
settings; --grafts is the same for this one:

	hearth build --grafts=none
	HEARTH_GRAFTS=none hearth which gopls`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkspace(cmd.Context(), dirArg(args))
			if err != nil {
				return err
			}
			c.warnUntrusted(w)
			start := time.Now()
			t, built, err := w.ensure(cmd.Context(), c.say)
			if err != nil {
				return err
			}
			if !built {
				fmt.Fprintf(c.stdout, "toolchain %s is up to date (gopls %s, %s)\n", t.Key, t.Gopls, t.Go)
				return nil
			}
			fmt.Fprintf(c.stdout, "built toolchain %s (gopls %s, %s) in %s\n", t.Key, t.Gopls, t.Go, time.Since(start).Round(100*time.Millisecond))
			return nil
		},
	}
	cmd.Flags().String("grafts", "", "grafts to apply, separated by commas, or none (default: all)")
	return cmd
}

// say tells on stderr what a build is doing.
func (c *command) say(step string) { fmt.Fprintln(c.stderr, "hearth:", step) }

// warnUntrusted says once what the policy may not do yet.
func (c *command) warnUntrusted(w *workspace) {
	if w.trusted {
		return
	}
	fmt.Fprintf(c.stderr, "hearth: warning: this workspace is not trusted; ignored until %q:\n", "hearth trust")
	for _, what := range w.source.Danger() {
		fmt.Fprintf(c.stderr, "hearth:   %s\n", what)
	}
}

func (c *command) whichCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "which gopls|vettool [DIR]",
		Short: "Print the path of a binary that obeys the policy of DIR, building it if it must",
		Long: `Print the path of the gopls or the vettool that obeys the policy of DIR.

The path changes when the policy does, so ask anew each time:

	go vet -vettool=$(hearth which vettool) ./...`,
		Args:      cobra.RangeArgs(1, 2),
		ValidArgs: []string{"gopls", "vettool"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] != "gopls" && args[0] != "vettool" {
				return usageError{fmt.Errorf("there is no %q in a toolchain; ask for gopls or vettool", args[0])}
			}
			w, r, err := prepare(cmd.Context(), dirArg(args[1:]), c.say)
			if err != nil {
				return err
			}
			c.warnUntrusted(w)
			path := r.bound.GoplsPath()
			if args[0] == "vettool" {
				path = r.bound.VettoolPath()
			}
			fmt.Fprintln(c.stdout, path)
			return nil
		},
	}
}

func (c *command) toolchainCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "toolchain", Short: "List and prune the built toolchains"}
	var days int
	prune := &cobra.Command{
		Use:   "prune",
		Short: "Remove toolchains that were not used for a while, and what broken builds left",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			store, err := toolchain.OpenStore()
			if err != nil {
				return err
			}
			removed, freed, err := store.Prune(time.Duration(days) * 24 * time.Hour)
			for _, e := range removed {
				fmt.Fprintf(c.stdout, "removed %s (gopls %s, %s)\n", e.Key, e.Gopls, e.Go)
			}
			fmt.Fprintf(c.stdout, "freed %s\n", megabytes(freed))
			return err
		},
	}
	prune.Flags().IntVar(&days, "unused-days", 30, "keep what was used within this many days")
	cmd.AddCommand(prune, &cobra.Command{
		Use:   "list",
		Short: "List the built toolchains, most recently used first",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return c.listToolchains() },
	})
	return cmd
}

func (c *command) listToolchains() error {
	store, err := toolchain.OpenStore()
	if err != nil {
		return err
	}
	list, err := store.List()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tGOPLS\tGO\tLAST USED\tSIZE\tPLUGINS")
	for _, e := range list {
		var plugins []string
		for _, p := range e.Plugins {
			plugins = append(plugins, p.String())
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Key, e.Gopls, e.Go, e.LastUsed.Format(time.DateTime), megabytes(e.Size), strings.Join(plugins, ", "))
	}
	return w.Flush()
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// asGopls translates a command line meant for gopls: the server is hearth lsp,
// anything else goes to the gopls of the toolchain.
func asGopls(args []string) []string {
	help := slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" })
	if name := goplsSubcommand(args); !help && (name == "" || name == "serve") {
		return []string{"lsp"} // -mode=stdio, -remote=auto and the like mean nothing to hearth
	}
	return append([]string{"gopls", "--"}, args...)
}

// goplsValues are the flags before a subcommand of gopls that may have their
// value as an argument of its own, as ALE writes "--mode stdio".
var goplsValues = []string{
	"mode", "logfile", "listen", "listen.timeout", "debug", "mcp.listen", "ocagent",
	"remote", "remote.listen.timeout", "remote.debug", "remote.logfile",
	"profile.cpu", "profile.mem", "profile.alloc", "profile.block", "profile.trace",
}

// goplsSubcommand returns the first argument that is neither a flag nor the
// value of one, or "".
func goplsSubcommand(args []string) string {
	for i := 0; i < len(args); i++ {
		name, isFlag := strings.CutPrefix(strings.Replace(args[i], "--", "-", 1), "-")
		switch {
		case !isFlag:
			return args[i]
		case slices.Contains(goplsValues, name):
			i++
		}
	}
	return ""
}

func (c *command) goplsCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "gopls -- ARGS...",
		Short:              "Run the toolchain's gopls with its own arguments",
		Hidden:             true, // it is what the gopls link in hearth's bin folder does
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] == "--" {
				args = args[1:]
			}
			path, err := c.goplsPath(cmd)
			if err != nil {
				return err
			}
			gopls := exec.CommandContext(cmd.Context(), path, args...)
			gopls.Stdin, gopls.Stdout, gopls.Stderr = c.stdin, c.stdout, c.stderr
			if err := gopls.Run(); err != nil {
				if exit, ok := errors.AsType[*exec.ExitError](err); ok {
					return exitCode(exit.ExitCode())
				}
				return fmt.Errorf("running gopls: %w", err)
			}
			return nil
		},
	}
}

// goplsPath returns a gopls for a command that an editor runs on the side, such
// as `gopls version`: it must answer at once, so nothing is built for it.
func (c *command) goplsPath(cmd *cobra.Command) (string, error) {
	w, err := openWorkspace(cmd.Context(), ".")
	if err == nil {
		if t, ok := w.store.Lookup(w.spec.Key()); ok {
			if r, err := w.resolve(cmd.Context(), t); err == nil {
				return r.bound.GoplsPath(), nil
			}
			return t.GoplsPath(), nil
		}
	}
	if path, ok := stockGopls(); ok {
		return path, nil
	}
	if err == nil {
		err = errors.New("the toolchain is not built yet, and there is no gopls on PATH")
	}
	return "", err
}

// stockGopls finds a gopls on PATH that is not hearth under that name, be it a
// symbolic or a hard link: hearth would start itself without end.
func stockGopls() (string, bool) {
	self, _ := os.Executable()
	selfInfo, _ := os.Stat(self)
	name := "gopls"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		if err != nil || info.IsDir() || info.Mode().Perm()&0o111 == 0 && runtime.GOOS != "windows" {
			continue
		}
		real, err := filepath.EvalSymlinks(path)
		if err != nil || os.SameFile(info, selfInfo) || strings.HasPrefix(filepath.Base(real), "hearth") {
			continue
		}
		return path, true
	}
	return "", false
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/sharedcache"
	"github.com/gohearth/hearth/toolchain"
)

// cachePort is the one of gocached.
const cachePort = 31364

func (c *command) cacheCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Share the work of hearth vet between machines",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.cacheServeCommand())
	return cmd
}

func (c *command) cacheServeCommand() *cobra.Command {
	var dir, listen string
	cmd := &cobra.Command{
		Use:   "serve [-- FLAGS OF GOCACHED]",
		Short: "Run a cache server, building it if it must",
		Long: `Run gocached, of github.com/bradfitz/go-tool-cache, which hearth builds at a pinned version.

It listens on this machine alone. To serve others, name an address, and think of who can reach it: without
-jwt-issuer, whoever can may put results into the cache, which all others then take.

	hearth cache serve --listen :` + strconv.Itoa(cachePort) + ` -- -max-size-gb 100`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.ArgsLenAtDash() != 0 && len(args) > 0 {
				return hint.Add(usageError{fmt.Errorf("unexpected argument %q", args[0])}, "write flags of gocached after --")
			}
			return c.serveCache(cmd.Context(), dir, listen, args)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "where results are kept (default: in the user's cache folder)")
	cmd.Flags().StringVar(&listen, "listen", "localhost:"+strconv.Itoa(cachePort), "address")
	return cmd
}

// serveCache runs gocached until it ends or is interrupted.
func (c *command) serveCache(ctx context.Context, dir, listen string, args []string) error {
	store, err := toolchain.OpenStore()
	if err != nil {
		return err
	}
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	goTool, err := toolchain.DetectGo(ctx, wd)
	if err != nil {
		return err
	}
	server, err := store.Gocached(ctx, goTool, c.say)
	if err != nil {
		return err
	}
	if dir == "" {
		dir = filepath.Join(store.Dir(), "served")
	}
	c.say(fmt.Sprintf("serving %s at %s", dir, listen))
	cmd := exec.CommandContext(ctx, server, append([]string{"-cache-dir=" + dir, "-listen=" + listen}, args...)...)
	cmd.Stdout, cmd.Stderr = c.stdout, c.stderr
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil // the way to end it
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exitCode(exit.ExitCode()) // it has said why
	}
	return err
}

// cacheprogCommand is what the go command runs as GOCACHEPROG.
func (c *command) cacheprogCommand() *cobra.Command {
	var o sharedcache.Options
	cmd := &cobra.Command{
		Use:    "cacheprog --local DIR --taken DIR [--patience DURATION] [--report FILE] URL",
		Short:  "Answer a go command from a cache server",
		Hidden: true, // hearth vet has the go command run it
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			o.Server, o.Token = args[0], os.Getenv(tokenVariable)
			return sharedcache.Run(o)
		},
	}
	cmd.Flags().StringVar(&o.Local, "local", "", "folder of the go command's own cache")
	cmd.Flags().StringVar(&o.Taken, "taken", "", "folder for what the server sends")
	cmd.Flags().DurationVar(&o.Patience, "patience", sharedcache.DefaultPatience, "how much longer than need be the server may take")
	cmd.Flags().StringVar(&o.Report, "report", "", "file to which to add what was shared")
	return cmd
}

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/modcache"
	"github.com/gohearth/hearth/toolchain"
)

func (c *command) trustCommand() *cobra.Command {
	var revoke, show bool
	cmd := &cobra.Command{
		Use:   "trust [DIR]",
		Short: "Let the policy of DIR run what it asks for: plugins, environment, build flags, a cache server",
		Long: `Trust the policy of DIR (default: here).

A policy can make hearth compile and run plugins, run the go command with an
environment and build flags of its choice, fetch the modules that it extends, and
take findings and compiled packages from a cache server. Until you trust it, none
of that happens; everything else in it applies. Trust covers exactly what is
listed: a policy that later asks for more has to be trusted again. Trust in a
version of a module includes what that version asks for, which cannot change; it is
fetched and listed as well.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := absDir(dirArg(args))
			if err != nil {
				return err
			}
			source, err := goplsconfig.Load(dir)
			if err != nil {
				return err
			}
			store, err := goplsconfig.OpenTrustStore()
			if err != nil {
				return err
			}
			if revoke {
				if err := store.Revoke(source.Root); err != nil {
					return err
				}
				fmt.Fprintf(c.stdout, "%s is no longer trusted\n", source.Root)
				return nil
			}
			if source, err = c.withModules(cmd.Context(), source, dir, !show); err != nil {
				return err
			}
			c.showDanger(source)
			if show || len(source.Danger()) == 0 {
				return nil
			}
			if err := writeSums(source, nil, c.say); err != nil {
				return err
			}
			if err := store.Trust(source.Root, source.TrustDigest()); err != nil {
				return err
			}
			fmt.Fprintf(c.stdout, "trusted %s\n", source.Root)
			return nil
		},
	}
	cmd.Flags().BoolVar(&revoke, "revoke", false, "forget that DIR was trusted")
	cmd.Flags().BoolVar(&show, "show", false, "only show what would be trusted")
	return cmd
}

// withModules adds to a policy the modules that it extends, to show what they
// ask for: all of them, or those that need not be fetched.
func (c *command) withModules(ctx context.Context, source *goplsconfig.Source, dir string, fetch bool) (*goplsconfig.Source, error) {
	if len(source.Missing()) == 0 {
		return source, nil
	}
	goTool, err := toolchain.DetectGo(ctx, dir)
	if err != nil {
		return nil, err
	}
	modules := modcache.Cache{Dir: goTool.ModCache}
	if !fetch {
		return source.WithModules(modules.Lookup)
	}
	return fetchModules(ctx, source, modules, c.say)
}

// showDanger lists what a policy would run.
func (c *command) showDanger(source *goplsconfig.Source) {
	danger := source.Danger()
	if len(danger) == 0 {
		fmt.Fprintln(c.stdout, "the policy runs nothing; it needs no trust")
		return
	}
	fmt.Fprintf(c.stdout, "the policy of %s:\n", source.Root)
	for _, what := range danger {
		fmt.Fprintln(c.stdout, "  -", what)
	}
}

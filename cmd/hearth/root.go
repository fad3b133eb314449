package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/userdir"
)

// root returns the command tree. Each subcommand has a file of its own.
func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "hearth",
		Short: "One policy file for Go editors, CI and warm starts",
		Long: `Hearth builds a gopls and a vettool with your team's analyzers linked in,
gives both the policy of the repository's hearth.yaml, warms gopls's caches,
and wires the result into editors and CI.

Start with "hearth setup" inside a Go repository.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return loadSettings(cmd)
		},
	}
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint.Add(usageError{err}, "see %q", cmd.CommandPath()+" --help")
	})
	root.PersistentFlags().String("cache", "", "folder for built toolchains (default: the user's cache folder)")
	root.AddCommand(
		c.setupCommand(), c.doctorCommand(), c.uninstallCommand(),
		c.lspCommand(), c.mcpCommand(), c.vetCommand(), c.warmCommand(), c.benchCommand(),
		c.daemonCommand(), c.statusCommand(), c.stopCommand(), c.logsCommand(),
		c.buildCommand(), c.whichCommand(), c.toolchainCommand(), c.goplsCommand(),
		c.configCommand(), c.rulesCommand(), c.trustCommand(), c.cacheCommand(), c.cacheprogCommand(), c.versionCommand(),
	)
	return root
}

// loadSettings makes hearth's own flat settings known: flag > HEARTH_*
// environment > config.yaml in the user's config folder > default. They end up
// in the environment, where the processes that hearth starts find them too.
//
// Viper is used for these alone. It lower-cases keys, which would ruin the
// ST1000 and GOFLAGS of a hearth.yaml.
func loadSettings(cmd *cobra.Command) error {
	v := viper.New()
	v.SetEnvPrefix("hearth")
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_", ".", "_"))
	v.AutomaticEnv()
	dir, err := userdir.Config()
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "config.yaml")
	v.SetConfigFile(file)
	if err := v.ReadInConfig(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return hint.Add(fmt.Errorf("reading your settings %q: %w", file, err), "mend the file, or delete it")
	}
	for _, key := range v.AllKeys() {
		if _, known := settings[key]; !known {
			return fmt.Errorf("reading your settings %q: there is no setting %q; there are %s", file, key, settingNames())
		}
	}
	for key, variable := range settings {
		if flag := cmd.Flags().Lookup(key); flag != nil {
			if err := v.BindPFlag(key, flag); err != nil {
				return err
			}
		}
		if value := v.GetString(key); value != "" {
			if err := os.Setenv(variable, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// settings are hearth's own settings and the variables that carry them.
var settings = map[string]string{
	"cache":   "HEARTH_CACHE",   // where toolchains are built
	"editors": "HEARTH_EDITORS", // which editors setup wires, separated by commas
	"log":     "HEARTH_LOG",     // file to which hearth lsp logs
	"grafts":  "HEARTH_GRAFTS",  // names of the changes to gopls that are wanted, or "none"

	"cache-remote":   remoteVariable,   // URL of a cache server, in place of the policy's
	"cache-patience": patienceVariable, // how much longer than need be it may take: 10s

	"warm.sessions": "HEARTH_WARM_SESSIONS", // how many parked sessions may stay
	"warm.memory":   "HEARTH_WARM_MEMORY",   // what all sessions may use: 25%, 4GB
	"warm.spares":   "HEARTH_WARM_SPARES",   // parked sessions beside each one in use
	"warm.hang":     "HEARTH_WARM_HANG",     // after which silence gopls is started anew: 60s
}

func settingNames() string {
	return strings.Join(slices.Sorted(maps.Keys(settings)), ", ")
}

func (c *command) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of hearth",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(c.stdout, "hearth", version())
			return err
		},
	}
}

// versionOverride is set by the linker in releases.
var versionOverride string

func version() string {
	if versionOverride != "" {
		return versionOverride
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

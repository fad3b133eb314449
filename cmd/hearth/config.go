package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/golangci"
	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
)

// policyName is the policy file of a repository.
const policyName = "hearth.yaml"

func (c *command) configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Show, check, explain, import or start a hearth.yaml"}
	cmd.AddCommand(c.configShow(), c.configCheck(), c.configExplain(), c.configSchema(), c.configInit(), c.configImport())
	return cmd
}

func (c *command) configShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show [DIR]",
		Short: "Print the policy in force as JSON",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, r, err := prepare(cmd.Context(), dirArg(args), c.say)
			if err != nil {
				return err
			}
			c.warnUntrusted(w)
			enc := json.NewEncoder(c.stdout)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return enc.Encode(struct {
				File      string               `json:"file,omitempty"`
				Root      string               `json:"root"`
				Trusted   bool                 `json:"trusted"`
				Toolchain string               `json:"toolchain"`
				Digest    string               `json:"digest"`
				Gopls     map[string]any       `json:"gopls"`
				Policy    any                  `json:"policy"`
				Plugins   []goplsconfig.Plugin `json:"plugins,omitempty"`
				Warm      goplsconfig.Warm     `json:"warm"`
				Vet       goplsconfig.Vet      `json:"vet"`
				Cache     goplsconfig.Cache    `json:"cache"`
			}{r.File, r.Root, w.trusted, r.bound.Key, r.Policy.Digest(), r.Gopls, r.Policy, r.Plugins, r.Warm, r.Vet, r.Cache})
		},
	}
}

func (c *command) configCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check the policy against the gopls and the workspace that it is for",
		Long: `Check the policy: its keys and values against the gopls that it is for, and
what its rules, exceptions and warm packages name against the workspace.

A pattern must match a package, an exemption must exempt one, a symbol must
exist, and no rule may repeat what another says. The folders of the workspace
count whatever build constraints their files have. Patterns in a policy file
outside of the repository are not judged, and its symbols with warnings: it is
for other repositories as well.

Exit status: 0 all is right, 2 something is not.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, r, err := prepare(cmd.Context(), dirArg(args), c.say)
			if err != nil {
				return err
			}
			c.warnUntrusted(w)
			c.sayProblems(r.Warnings)
			result, err := r.compare(cmd.Context(), w)
			if err != nil {
				return err
			}
			c.sayProblems(result.Warnings)
			if len(result.Errors) > 0 {
				return result.Errors
			}
			name := r.File
			if name == "" {
				name = "the default policy"
			}
			fmt.Fprintf(c.stdout, "%s is right for gopls %s\n", name, r.bound.Gopls)
			return nil
		},
	}
}

// sayProblems prints what is wrong with a policy and yet no error.
func (c *command) sayProblems(warnings []goplsconfig.Problem) {
	for _, p := range warnings {
		fmt.Fprintln(c.stderr, "hearth: warning:", p)
	}
}

func (c *command) configExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain KEY [DIR]",
		Short: "Tell why an analyzer, a setting or a rule is as it is",
		Args:  cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, r, err := prepare(cmd.Context(), dirArg(args[1:]), c.say)
			if err != nil {
				return err
			}
			e, err := r.Explain(args[0])
			if err != nil {
				return err
			}
			c.printExplanation(e)
			c.printEditors(w.dir, r, e.Key)
			c.warnUntrusted(w)
			return nil
		},
	}
}

func (c *command) printExplanation(e goplsconfig.Explanation) {
	fmt.Fprintf(c.stdout, "%s: %s\n", e.Key, inYAML(e.Value))
	if e.Summary != "" {
		fmt.Fprintf(c.stdout, "  %s\n", e.Summary)
	}
	if e.Default != nil {
		fmt.Fprintf(c.stdout, "  default of gopls: %s\n", inYAML(e.Default))
	}
	for _, s := range e.Says {
		mark := " "
		if s.Won {
			mark = "*"
		}
		fmt.Fprintf(c.stdout, "%s %s: %s\n", mark, s.Position, s.Text)
	}
	fmt.Fprintf(c.stdout, "  who wins: %s\n", e.Editor)
}

// printEditors shows what the editors that were seen in the workspace send for a
// setting, and what gopls gets.
func (c *command) printEditors(root string, r *resolved, key string) {
	name, ok := strings.CutPrefix(key, "gopls.")
	if !ok {
		return
	}
	profiles, err := profile.ForWorkspace(root)
	if err != nil {
		return // there is nothing to add then
	}
	for _, p := range profiles {
		for sent, value := range p.Settings() {
			if sent == name || strings.HasSuffix(sent, "."+name) {
				fmt.Fprintf(c.stdout, "  %s sends %s: gopls gets %s\n", p.Editor, inYAML(value), inYAML(r.MergeSettings(p.Settings())[name]))
			}
		}
	}
}

// inYAML prints a value as a policy file would hold it, on one line.
func inYAML(v any) string {
	if v == nil {
		return "(the default of gopls)"
	}
	var n yaml.Node
	if err := n.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	n.Style = yaml.FlowStyle
	out, err := yaml.Marshal(&n)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(out[:len(out)-1])
}

func (c *command) configSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [DIR]",
		Short: "Print the JSON Schema of hearth.yaml for the gopls of DIR",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			api, err := c.api(cmd.Context(), dirArg(args))
			if err != nil {
				return err
			}
			_, err = c.stdout.Write(goplsconfig.Schema(api))
			return err
		},
	}
}

// api describes the gopls of a workspace, whatever state its policy is in.
func (c *command) api(ctx context.Context, dir string) (*goplsconfig.API, error) {
	w, err := openWorkspace(ctx, dir)
	if err != nil {
		return nil, err
	}
	t, _, err := w.ensure(ctx, c.say)
	if err != nil {
		return nil, err
	}
	return t.API()
}

func (c *command) configInit() *cobra.Command {
	var schema string
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a commented hearth.yaml that changes nothing yet",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := absDir(dirArg(args))
			if err != nil {
				return err
			}
			api, err := c.api(cmd.Context(), dir)
			if err != nil {
				return err
			}
			return c.create(filepath.Join(dir, policyName), goplsconfig.Template(api, schema))
		},
	}
	cmd.Flags().StringVar(&schema, "schema", goplsconfig.SchemaURL, "URL or path of the schema that editors check the file with")
	return cmd
}

// create writes a file that must not exist yet.
func (c *command) create(path string, data []byte) error {
	if _, err := os.Lstat(path); err == nil {
		return hint.Add(fmt.Errorf("%q exists already", path), "edit it, or move it away first")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := atomicfile.Write(path, data, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, "wrote", path)
	return nil
}

func (c *command) configImport() *cobra.Command {
	var dir string
	var dryRun, work bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Turn gopls settings, a VS Code settings.json or a .golangci.yml into hearth.yaml",
		Long: `Turn a file into a hearth.yaml: the settings of gopls or of VS Code, as JSON, or
the configuration of golangci-lint in any of its formats. What has no counterpart
is named with its place.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[0])
			if err != nil {
				return fmt.Errorf("importing: %w", err)
			}
			root, err := absDir(dir)
			if err != nil {
				return err
			}
			var im *goplsconfig.Imported
			if golangci.Is(args[0]) {
				im, err = golangci.Import(data, args[0], root)
			} else {
				im, err = goplsconfig.Import(data, args[0])
			}
			if err != nil {
				return err
			}
			for _, note := range im.Notes {
				fmt.Fprintln(c.stderr, "hearth: note:", note)
			}
			if dryRun {
				_, err = c.stdout.Write(im.YAML)
			} else {
				err = c.create(filepath.Join(root, policyName), im.YAML)
			}
			if err != nil || !im.GoWork {
				return err
			}
			return c.offerGoWork(root, work && !dryRun)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", ".", "folder for hearth.yaml")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print hearth.yaml instead of writing it")
	cmd.Flags().BoolVar(&work, "write-go-work", false, "write a go.work where experimentalWorkspaceModule asked for one")
	return cmd
}

// offerGoWork replaces experimentalWorkspaceModule, which joined the modules
// of a tree: a go.work does so today.
func (c *command) offerGoWork(root string, write bool) error {
	content, modules, err := goplsconfig.GoWork(root)
	if err != nil {
		return err
	}
	path := filepath.Join(root, "go.work")
	if _, err := os.Stat(path); err == nil {
		fmt.Fprintf(c.stderr, "hearth: note: %s does what experimentalWorkspaceModule did\n", path)
		return nil
	}
	if content == nil {
		fmt.Fprintf(c.stderr, "hearth: note: %d module below %s, so no go.work is needed\n", len(modules), root)
		return nil
	}
	if write {
		return c.create(path, content)
	}
	fmt.Fprintf(c.stderr, "hearth: note: %d modules below %s; --write-go-work writes this go.work:\n%s", len(modules), root, content)
	return nil
}

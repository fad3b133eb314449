package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/ruletest"
)

func (c *command) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, explain, start or test the team's own rules",
		Long: `List, explain, start or test the rules of hearth.yaml.

None of this needs a toolchain. docs/rules.md describes the language.`,
	}
	cmd.AddCommand(c.rulesList(), c.rulesExplain(), c.rulesNew(), c.rulesTest())
	return cmd
}

// openRules returns the rules in force here.
func openRules(ctx context.Context) (*workspace, *resolved, []goplsconfig.WrittenRule, error) {
	w, err := openWorkspace(ctx, ".")
	if err != nil {
		return nil, nil, nil, err
	}
	if err := w.fetch(ctx, nil); err != nil {
		return nil, nil, nil, err
	}
	r, err := w.peek()
	if err != nil {
		return nil, nil, nil, err
	}
	return w, r, r.WrittenRules(), nil
}

// listedRule is a rule as hearth rules list prints it.
type listedRule struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Message  string `json:"message"`
	Severity string `json:"severity"`
	Owner    string `json:"owner,omitempty"`
	policy.Scope
	Examples int    `json:"examples"`
	Place    string `json:"place"`
}

func (c *command) rulesList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the rules in force",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, r, rules, err := openRules(cmd.Context())
			if err != nil {
				return err
			}
			list := []listedRule{}
			for _, rule := range rules {
				list = append(list, listedRule{
					rule.ID, rule.Kind.Name, rule.Message, r.ruleSeverity(rule.Rule), rule.Owner, rule.Scope, len(rule.Examples), seenFrom(w.dir, rule.Position),
				})
			}
			if asJSON {
				enc := json.NewEncoder(c.stdout)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(list)
			}
			return c.printRules(list)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (c *command) printRules(list []listedRule) error {
	if len(list) == 0 {
		fmt.Fprintln(c.stderr, "hearth: the policy has no rules; hearth rules new ID --kind=KIND adds one")
		return nil
	}
	tw := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "id\tkind\tseverity\towner\tscope\tplace")
	for _, u := range list {
		owner := u.Owner
		if owner == "" {
			owner = "-"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", u.ID, u.Kind, u.Severity, owner, scopeText(u.Scope), u.Place)
	}
	return tw.Flush()
}

// scopeText says in a few words where a rule applies.
func scopeText(s policy.Scope) string {
	text := "all"
	if len(s.In) > 0 {
		text = strings.Join(s.In, " ")
	}
	if len(s.Except) > 0 {
		text += " except " + strings.Join(s.Except, " ")
	}
	for _, part := range []struct{ what, how string }{{"tests", s.Tests}, {"generated", s.Generated}} {
		switch part.how {
		case policy.Only:
			text += ", " + part.what + " only"
		case policy.Exclude:
			text += ", no " + part.what
		}
	}
	if s.Go != "" {
		text += ", go " + s.Go
	}
	return text
}

// ruleSeverity is the severity of a rule's findings.
func (r *resolved) ruleSeverity(rule policy.Rule) string {
	if rule.Severity != "" {
		return rule.Severity
	}
	if s := r.Policy.Analyzers["rules"].Severity; s != "" {
		return s
	}
	return policy.Warning
}

// seenFrom shows a position as seen from dir.
func seenFrom(dir string, p goplsconfig.Position) string {
	if rel, err := filepath.Rel(dir, p.File); err == nil && len(rel) < len(p.File) {
		p.File = rel
	}
	return p.String()
}

// ruleNamed returns the rule with an id.
func ruleNamed(rules []goplsconfig.WrittenRule, id string) (goplsconfig.WrittenRule, error) {
	var ids []string
	for _, rule := range rules {
		if rule.ID == id {
			return rule, nil
		}
		ids = append(ids, rule.ID)
	}
	err := fmt.Errorf("the policy has no rule %q", id)
	if h := goplsconfig.DidYouMean(id, ids); h != "" {
		return goplsconfig.WrittenRule{}, hint.Add(err, "%s", h)
	}
	return goplsconfig.WrittenRule{}, hint.Add(err, "\"hearth rules list\" lists them")
}

func (c *command) rulesExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID",
		Short: "Show a rule with the layer that each of its fields comes from",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, r, rules, err := openRules(cmd.Context())
			if err != nil {
				return err
			}
			rule, err := ruleNamed(rules, args[0])
			if err != nil {
				return err
			}
			c.printRule(w, r, rule)
			return nil
		},
	}
}

func (c *command) printRule(w *workspace, r *resolved, rule goplsconfig.WrittenRule) {
	fmt.Fprintf(c.stdout, "%s: %s\n%s\n\n", rule.ID, rule.Message, rule.Kind.Doc)
	for _, f := range rule.Fields {
		fmt.Fprintf(c.stdout, "%s: %s\n", seenFrom(w.dir, f.Position), f.Name)
		for line := range strings.SplitSeq(f.YAML(), "\n") {
			fmt.Fprintf(c.stdout, "    %s\n", line)
		}
	}
	fmt.Fprintf(c.stdout, "\nseverity: %s\nscope: %s\n", r.ruleSeverity(rule.Rule), scopeText(rule.Scope))
	for _, e := range rule.Examples {
		word := "passes"
		if e.Bad {
			word = "is reported"
		}
		fmt.Fprintf(c.stdout, "\n%s: %s\n", seenFrom(w.dir, e.Position), word)
		for line := range strings.SplitSeq(strings.TrimRight(e.Code, "\n"), "\n") {
			fmt.Fprintf(c.stdout, "    %s\n", line)
		}
	}
	if len(rule.Examples) == 0 {
		fmt.Fprintln(c.stdout, "\nno examples; add ok: and bad:, and \"hearth rules test\" runs them")
	}
}

func (c *command) rulesNew() *cobra.Command {
	var kind string
	cmd := &cobra.Command{
		Use:   "new ID --kind=KIND",
		Short: "Add a rule to start from to hearth.yaml",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.newRule(args[0], kind)
		},
	}
	var kinds []string
	for _, k := range goplsconfig.RuleKinds {
		kinds = append(kinds, k.Name)
	}
	cmd.Long = "Add a commented rule of a kind to the workspace's hearth.yaml, and show what\nwas added. The kinds are:\n\n  " + strings.Join(kinds, "\n  ")
	cmd.Flags().StringVar(&kind, "kind", "", "what the rule is about")
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *command) newRule(id, kind string) error {
	k, ok := goplsconfig.RuleKindNamed(kind)
	if !ok {
		var kinds []string
		for _, k := range goplsconfig.RuleKinds {
			kinds = append(kinds, k.Name)
		}
		h := goplsconfig.DidYouMean(kind, kinds)
		if h == "" {
			h = "write --kind= and one of " + strings.Join(kinds, ", ")
		}
		return hint.Add(usageError{fmt.Errorf("there is no kind of rule %q", kind)}, "%s", h)
	}
	dir, err := absDir(".")
	if err != nil {
		return err
	}
	source, err := goplsconfig.Load(dir)
	if err != nil {
		return err
	}
	r, err := source.Resolve(goplsconfig.Options{})
	if err != nil {
		return err // to a policy that is wrong nothing is added
	}
	if rule, err := ruleNamed(r.WrittenRules(), id); err == nil {
		return hint.Add(fmt.Errorf("there is a rule %q already: %s", id, seenFrom(dir, rule.Position)), "choose another id, or edit it")
	}
	file := source.File
	if file == "" {
		file = filepath.Join(dir, policyName)
	}
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := goplsconfig.AddRule(file, old, id, k)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(file, text, 0o644); err != nil {
		return err
	}
	name := seenFrom(dir, goplsconfig.Position{File: file})
	_, err = fmt.Fprint(c.stdout, udiff.Unified(name, name, string(old), string(text)))
	return err
}

func (c *command) rulesTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test [ID...]",
		Short: "Run the examples of rules: ok must pass, bad must be reported",
		Long: `Run the examples of rules (default: all of them).

An example is a Go file, declarations, statements or an expression. What it
imports is resolved in the workspace; imports that it lacks are added, and so are
the variables ctx, err and t. Where a rule applies is ignored, unless the example
says which package it is in. Fixes of what is bad must compile.

Exit status: 0 all examples are what they say, 1 some are not.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, r, rules, err := openRules(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) > 0 {
				for _, id := range args {
					if _, err := ruleNamed(rules, id); err != nil {
						return err
					}
				}
				rules = slices.DeleteFunc(rules, func(rule goplsconfig.WrittenRule) bool { return !slices.Contains(args, rule.ID) })
			}
			results, err := ruletest.Run(cmd.Context(), rules, ruletest.Options{Dir: w.dir, Env: r.env(), Flags: r.buildFlags()})
			if err != nil {
				return err
			}
			return c.printTests(w, results)
		},
	}
}

func (c *command) printTests(w *workspace, results []ruletest.Result) error {
	width := 0
	for _, r := range results {
		width = max(width, len(r.Rule))
	}
	failed := false
	for _, r := range results {
		switch {
		case r.Examples == 0:
			fmt.Fprintf(c.stdout, "?    %-*s  no examples\n", width, r.Rule)
		case len(r.Failures) == 0:
			noun := "examples"
			if r.Examples == 1 {
				noun = "example"
			}
			fmt.Fprintf(c.stdout, "ok   %-*s  %d %s\n", width, r.Rule, r.Examples, noun)
		}
		for _, f := range r.Failures {
			failed = true
			fmt.Fprintf(c.stdout, "FAIL %-*s  %s: %s\n", width, r.Rule, seenFrom(w.dir, f.Position), f.Message)
		}
	}
	if failed {
		return exitCode(1)
	}
	return nil
}

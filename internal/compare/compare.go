// Package compare holds a policy against the workspace that it is for: what
// it names must be there. A rule for a folder that was renamed, or for a function
// that no package has, would otherwise be quiet for ever.
//
// It looks at files rather than at a build, so that nothing that is left out by
// build constraints, on another platform, or by an error in the code counts as
// missing; and it compiles nothing. The go command is asked for the folders of
// packages outside of the workspace, and only if rules name some.
//
// A policy that several repositories share names things that some of them lack.
// So patterns of such a file are not judged, and its symbols with warnings.
package compare

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/recall"
)

// Options say where the workspace is and how the go command runs there.
type Options struct {
	Dir   string
	Env   []string // KEY=VALUE, over the environment
	Flags []string // build flags

	// Memory, unless nil, is that of the workspace.
	Memory *recall.Memory
}

// Result is what does not fit.
type Result struct {
	Errors   goplsconfig.Problems
	Warnings goplsconfig.Problems
}

// Policy compares a policy with the workspace. The error is for a workspace that
// cannot be looked at.
func Policy(ctx context.Context, r *goplsconfig.Resolved, o Options) (*Result, error) {
	c := &comparison{resolved: r, ws: newWorkspace(ctx, r.Root, o), result: &Result{}}
	rules := r.WrittenRules()
	question, err := c.question(rules)
	if err != nil {
		return nil, err
	}
	if _, known := o.Memory.Output(question); known {
		return c.result, nil
	}
	if err := c.prefetch(rules); err != nil {
		return nil, err
	}
	for _, rule := range rules {
		if err := c.rule(rule); err != nil {
			return nil, err
		}
	}
	for _, list := range [][]goplsconfig.Reference{r.ExceptionPatterns(), r.WarmPatterns()} {
		if err := c.patterns(list, nil); err != nil {
			return nil, err
		}
	}
	c.shadowed(rules)
	c.result.Errors, c.result.Warnings = c.result.Errors.Sorted(), r.Located(c.result.Warnings).Sorted()
	if len(c.result.Errors)+len(c.result.Warnings) == 0 && o.Memory.Covers(r.Root) {
		o.Memory.Keep(question, nil)
	}
	return c.result, nil
}

// question is all that the comparison takes from the policy. If all is well the
// answer is remembered: a policy of many rules names many packages, whose sources
// are then not read again.
func (c *comparison) question(rules []goplsconfig.WrittenRule) (recall.Command, error) {
	type asked struct {
		Rule       policy.Rule
		References []goplsconfig.Reference
	}
	var list []asked
	for _, rule := range rules {
		list = append(list, asked{rule.Rule, rule.References})
	}
	data, err := json.Marshal([]any{c.resolved.Root, list, c.resolved.ExceptionPatterns(), c.resolved.WarmPatterns()})
	o := c.ws.options
	return recall.Command{Args: slices.Concat([]string{"hearth compare", string(data)}, o.Flags), Env: o.Env}, err
}

type comparison struct {
	resolved *goplsconfig.Resolved
	ws       *workspace
	result   *Result
}

// prefetch asks the go command once for all packages that rules name.
func (c *comparison) prefetch(rules []goplsconfig.WrittenRule) error {
	var paths []string
	for _, rule := range rules {
		for _, ref := range rule.References {
			switch ref.Role {
			case goplsconfig.Function, goplsconfig.Type, goplsconfig.Field:
				if n, ok := takeApart(ref); ok {
					paths = append(paths, n.pkg)
				}
			case goplsconfig.ComponentPattern, goplsconfig.ImportPattern:
				if !strings.Contains(ref.Text, "...") && !strings.Contains(ref.Text, "@") && c.resolved.Own(ref.Position) {
					paths = append(paths, ref.Text)
				}
			}
		}
	}
	return c.ws.prefetch(paths)
}

// add reports a problem, as a warning where somebody else's file has it.
func (c *comparison) add(at goplsconfig.Position, hint, format string, args ...any) {
	p := goplsconfig.Problem{File: at.File, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...), Hint: hint}
	if c.resolved.Own(at) {
		c.result.Errors = append(c.result.Errors, p)
	} else {
		c.result.Warnings = append(c.result.Warnings, p)
	}
}

func (c *comparison) rule(rule goplsconfig.WrittenRule) error {
	if err := c.patterns(rule.References, rule.In); err != nil {
		return err
	}
	for _, ref := range rule.References {
		switch ref.Role {
		case goplsconfig.Function, goplsconfig.Type, goplsconfig.Field:
			if err := c.symbol(ref); err != nil {
				return err
			}
		}
	}
	return nil
}

// patterns checks the package patterns among refs. in is the scope that
// exemptions are made from; empty: all packages.
func (c *comparison) patterns(refs []goplsconfig.Reference, in []string) error {
	for _, ref := range refs {
		if !c.resolved.Own(ref.Position) {
			continue
		}
		var err error
		switch ref.Role {
		case goplsconfig.InPattern, goplsconfig.WarmPattern:
			err = c.inWorkspace(ref, "matches no package of the workspace")
		case goplsconfig.ExceptPattern:
			err = c.exemption(ref, in)
		case goplsconfig.ComponentPattern, goplsconfig.ImportPattern:
			err = c.inBuild(ref)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inWorkspace reports a pattern that matches nothing in the workspace.
func (c *comparison) inWorkspace(ref goplsconfig.Reference, complaint string) error {
	packages, err := c.ws.packages()
	if err != nil || len(packages) == 0 || c.matching(ref.Text, packages) {
		return err
	}
	c.add(ref.Position, c.patternHint(ref, packages), "%q %s", ref.Written, complaint)
	return nil
}

func (c *comparison) matching(pattern string, packages []string) bool {
	return slices.ContainsFunc(packages, pkgpath.Compile([]string{pattern}).Match)
}

// exemption reports a pattern that leaves nothing out.
func (c *comparison) exemption(ref goplsconfig.Reference, in []string) error {
	packages, err := c.ws.packages()
	if err != nil || len(packages) == 0 {
		return err
	}
	if !c.matching(ref.Text, packages) {
		return c.inWorkspace(ref, "matches no package of the workspace, so it exempts nothing")
	}
	if len(in) > 0 {
		scope, exempt := pkgpath.Compile(in), pkgpath.Compile([]string{ref.Text})
		if !slices.ContainsFunc(packages, func(p string) bool { return scope.Match(p) && exempt.Match(p) }) {
			c.add(ref.Position, "remove it, or widen in:", "%q exempts nothing: none of its packages is one that the rule is for", ref.Written)
		}
	}
	return nil
}

// inBuild reports a pattern that can match nothing: one for packages of the
// workspace that are not there, or a package of the standard library that does
// not exist. What merely is not in the build may come into it.
func (c *comparison) inBuild(ref goplsconfig.Reference) error {
	text, _, isModule := strings.Cut(ref.Text, "@")
	if isModule {
		return nil
	}
	base, wild := strings.CutSuffix(text, "/...")
	owned, err := c.ws.owns(base)
	switch {
	case err != nil:
		return err
	case owned:
		return c.inWorkspace(ref, "matches no package of the workspace")
	case wild || strings.Contains(base, "..."):
		return nil
	}
	f, err := c.ws.find(base)
	if err == nil && f.missing != "" {
		c.add(ref.Position, f.hint, "%s", f.missing)
	}
	return err
}

// patternHint says what a pattern that matches nothing may have meant: the
// folder of packages with the most similar path, in the way that the pattern
// was written.
func (c *comparison) patternHint(ref goplsconfig.Reference, packages []string) string {
	base, wild := strings.CutSuffix(ref.Text, "/...")
	folders := slices.Clone(packages)
	if wild {
		for _, p := range packages {
			for dir := path.Dir(p); c.ws.inModule(dir) && !slices.Contains(folders, dir); dir = path.Dir(dir) {
				folders = append(folders, dir)
			}
		}
	}
	best := closestPath(base, folders)
	if best == "" {
		return "mend the path, or remove it"
	}
	if rel, ok := strings.CutPrefix(ref.Written, "./"); ok {
		best = "./" + strings.TrimPrefix(best, strings.TrimSuffix(ref.Text, rel))
	}
	if wild {
		best += "/..."
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// closestPath returns the path that differs from name in one element, or else
// the most similar one as a whole. What was misspelt or renamed is mostly one
// folder.
func closestPath(name string, paths []string) string {
	want := strings.Split(name, "/")
	var similar []string
	for _, p := range paths {
		have := strings.Split(p, "/")
		if len(have) != len(want) {
			continue
		}
		differ, at := 0, 0
		for i := range have {
			if have[i] != want[i] {
				differ, at = differ+1, i
			}
		}
		if differ == 1 && goplsconfig.Closest(want[at], []string{have[at]}) != "" {
			similar = append(similar, p)
		}
	}
	slices.Sort(similar)
	if best := goplsconfig.Closest(name, similar); best != "" {
		return best
	}
	// A whole path gives a third of its length to errors, which is too much of it.
	for _, p := range paths {
		if path.Base(p) == path.Base(name) && !strings.HasPrefix(name, p+"/") {
			return p
		}
	}
	return ""
}

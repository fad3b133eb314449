package vet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Build is a platform and tags for which packages are analysed.
type Build struct {
	Name  string   // "windows/amd64"
	Flags []string // follow those of the options, and win
	Env   []string // the same
}

// PerBuild returns the options of each build, of which there is at least one.
func (o Options) PerBuild() []Options {
	if len(o.Builds) == 0 {
		return []Options{o}
	}
	var list []Options
	for _, b := range o.Builds {
		with := o
		with.Builds = nil
		with.Flags = slices.Concat(o.Flags, b.Flags)
		with.Env = slices.Concat(o.Env, b.Env)
		list = append(list, with)
	}
	return list
}

// runAll analyses the packages for each build, one after another: each keeps all
// processors busy. A build for which no package has files found nothing, unless
// that is so for all.
func (o *Options) runAll(ctx context.Context) (*Report, error) {
	var reports []*Report
	empty := 0
	for i, with := range o.PerBuild() {
		name := ""
		if len(o.Builds) > 0 {
			name = o.Builds[i].Name
		}
		stop := o.Progress.start(ctx, with, name)
		r, err := with.run(ctx)
		stop()
		if _, none := errors.AsType[noPackages](err); none {
			if empty++; empty < max(1, len(o.Builds)) {
				r, err = &Report{}, nil
			}
		}
		if err != nil {
			if name != "" {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return nil, err
		}
		reports = append(reports, r)
	}
	return union(o.Builds, reports), nil
}

// union returns one report of what several builds found: each finding once, with
// the builds that have it unless all do.
func union(builds []Build, reports []*Report) *Report {
	if len(reports) == 1 {
		return reports[0]
	}
	whole := &Report{Diagnostics: []Diagnostic{}}
	for i, r := range reports {
		for j := range r.Diagnostics {
			r.Diagnostics[j].Builds = []string{builds[i].Name}
		}
		for j := range r.Suppressed {
			r.Suppressed[j].Builds = []string{builds[i].Name}
		}
		whole.Diagnostics = append(whole.Diagnostics, r.Diagnostics...)
		whole.Suppressed = append(whole.Suppressed, r.Suppressed...)
	}
	whole.Errors = unionErrors(builds, reports)
	whole.normalize()
	whole.forgiveComments(len(builds))
	everywhere := func(d *Diagnostic) {
		if len(d.Builds) == len(builds) {
			d.Builds = nil
		}
	}
	for i := range whole.Diagnostics {
		everywhere(&whole.Diagnostics[i])
	}
	for i := range whole.Suppressed {
		everywhere(&whole.Suppressed[i].Diagnostic)
	}
	return whole
}

// unionErrors returns each error once. One that not all builds have names those
// that do in its message, so that every format shows them.
func unionErrors(builds []Build, reports []*Report) []Error {
	var all []Error
	names := make(map[Error][]string)
	for i, r := range reports {
		for _, e := range r.Errors {
			if names[e] == nil {
				all = append(all, e)
			}
			names[e] = append(names[e], builds[i].Name)
		}
	}
	list := []Error{}
	for _, e := range all {
		if in := names[e]; len(in) < len(builds) {
			if e.Excluded {
				continue // the package is for other platforms, as its files say
			}
			e.Message = fmt.Sprintf("%s (in %s)", e.Message, strings.Join(in, ", "))
		}
		list = append(list, e)
	}
	return list
}

// forgiveComments drops findings about suppression comments that are of use in
// another build: there the comment suppresses something.
func (r *Report) forgiveComments(builds int) {
	type place struct {
		file string
		line int
	}
	useful := make(map[place]bool)
	for _, s := range r.Suppressed {
		useful[place{s.CommentFile, s.CommentLine}] = true
	}
	r.Diagnostics = slices.DeleteFunc(r.Diagnostics, func(d Diagnostic) bool {
		return d.Analyzer == "suppression" && len(d.Builds) < builds && useful[place{d.File, d.Line}]
	})
}

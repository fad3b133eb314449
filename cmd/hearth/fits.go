package main

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/compare"
	"github.com/gohearth/hearth/internal/vet"
)

// peek resolves the policy without building anything for it: against the
// toolchain if it is there, and otherwise without looking at the names that
// only a gopls knows.
func (w *workspace) peek() (*resolved, error) {
	o := goplsconfig.Options{Trusted: w.trusted}
	if t, ok := w.store.Lookup(w.spec.Key()); ok {
		api, err := t.API()
		if err != nil {
			return nil, err
		}
		o.API = api
	}
	r, err := w.source.Resolve(o)
	if err != nil {
		return nil, err
	}
	return &resolved{Resolved: r, api: o.API}, nil
}

// compare holds the policy against the workspace.
func (r *resolved) compare(ctx context.Context, w *workspace) (*compare.Result, error) {
	return compare.Policy(ctx, r.Resolved, compare.Options{Dir: w.dir, Env: r.env(), Flags: r.buildFlags(), Memory: w.memory()})
}

// comparing holds the policy against the workspace beside a run of hearth vet
// that covers it, and returns what adds the outcome to the report. A run over
// some packages is for those who work on them, and need not hear of the others.
//
// The caller calls end in any case, which leaves no process behind.
func (c *command) comparing(ctx context.Context, w *workspace, r *resolved, patterns []string) (add func(*vet.Report) error, end func()) {
	if w.dir != r.Root || len(patterns) > 0 && (len(patterns) != 1 || filepath.ToSlash(patterns[0]) != "./...") {
		return func(*vet.Report) error { return nil }, func() {}
	}
	type outcome struct {
		*compare.Result
		err error
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan outcome, 1)
	go func() {
		result, err := r.compare(ctx, w)
		done <- outcome{result, err}
	}()
	result := sync.OnceValue(func() outcome { return <-done })
	add = func(report *vet.Report) error {
		o := result()
		if o.err != nil {
			return o.err
		}
		c.sayProblems(o.Warnings)
		for _, p := range o.Errors {
			file := p.File
			if rel, err := filepath.Rel(r.Root, file); err == nil {
				file = filepath.ToSlash(rel)
			}
			report.Errors = append(report.Errors, vet.Error{File: file, Line: p.Line, Column: p.Column, Message: p.Text()})
		}
		return nil
	}
	return add, func() { cancel(); result() }
}

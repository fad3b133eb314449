package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/lsp"
)

// publishPolicy shows what is wrong with the policy where it is written, until
// ctx ends: as diagnostics of hearth.yaml and of the files that it extends. It
// looks again whenever the provider was asked for a backend, which is when a
// policy file changed: on disk, since editors send their server for Go no YAML.
//
// What the workspace lacks is mended in the workspace as well, by a package
// that is added, so as long as there is such a diagnostic it looks by itself.
func (p *provider) publishPolicy(ctx context.Context, root string, notify func(method string, params any)) {
	if p.direct {
		return
	}
	// The load of the workspace needs all of the machine.
	wait := time.NewTimer(policyDelay)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return
	}
	shown := make(map[string]bool)
	for {
		select {
		case <-p.asked: // this look answers it
		default:
		}
		started := time.Now()
		found, lacking := policyProblems(ctx, root)
		if ctx.Err() != nil {
			return
		}
		publishProblems(found, shown, notify)
		var again <-chan time.Time
		if lacking {
			again = time.After(5*time.Second + 20*time.Since(started)) // a twentieth of the time at most
		}
		select {
		case <-p.asked:
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

const policyDelay = 3 * time.Second

// ranked is a problem with its severity.
type ranked struct {
	goplsconfig.Problem
	severity lsp.Severity
}

// policyProblems returns all that is wrong with the policy of root. lacking says
// that some of it can be mended without touching the policy.
func policyProblems(ctx context.Context, root string) (found []ranked, lacking bool) {
	add := func(severity lsp.Severity, list []goplsconfig.Problem) {
		for _, p := range list {
			found = append(found, ranked{p, severity})
		}
	}
	w, err := openWorkspace(ctx, root)
	var r *resolved
	if err == nil {
		r, err = w.peek()
	}
	if problems, ok := errors.AsType[goplsconfig.Problems](err); ok {
		add(lsp.SeverityError, problems)
	}
	if err != nil {
		return found, false // what is no problem of the policy is in the editor's log
	}
	add(lsp.SeverityWarning, r.Warnings)
	result, err := r.compare(ctx, w)
	if err != nil {
		return found, false
	}
	add(lsp.SeverityError, result.Errors)
	add(lsp.SeverityWarning, result.Warnings)
	return found, len(result.Errors)+len(result.Warnings) > 0
}

// publishProblems publishes problems by file, and takes back those of files that
// have none any more. shown keeps the files that have some.
func publishProblems(found []ranked, shown map[string]bool, notify func(method string, params any)) {
	byFile := make(map[string][]lsp.Diagnostic)
	for file := range shown {
		byFile[file] = []lsp.Diagnostic{}
	}
	lines := make(map[string][]string)
	for _, p := range found {
		if !filepath.IsAbs(p.File) {
			continue // the default policy
		}
		if lines[p.File] == nil {
			data, _ := os.ReadFile(p.File) // a file that is gone has the empty range
			lines[p.File] = strings.Split(string(data), "\n")
		}
		byFile[p.File] = append(byFile[p.File], lsp.Diagnostic{
			Range: rangeOf(p.Problem, lines[p.File]), Severity: p.severity, Source: "hearth", Message: p.Text(),
		})
	}
	for file, diagnostics := range byFile {
		if len(diagnostics) == 0 {
			delete(shown, file)
		} else {
			shown[file] = true
		}
		notify("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: lsp.FileURI(file), Diagnostics: diagnostics})
	}
}

// rangeOf returns the range of the word, or of the mapping in braces, that a
// problem is at. YAML counts characters.
func rangeOf(p goplsconfig.Problem, lines []string) lsp.Range {
	line := max(p.Line-1, 0)
	at := lsp.Position{Line: line}
	if line >= len(lines) {
		return lsp.Range{Start: at, End: at}
	}
	text := []rune(strings.TrimRight(lines[line], "\r"))
	start := min(max(p.Column-1, 0), len(text))
	end := start + 1
	closing := map[rune]rune{'"': '"', '\'': '\'', '{': '}'}
	if start < len(text) && closing[text[start]] != 0 {
		if n := slices.Index(text[start+1:], closing[text[start]]); n >= 0 {
			end = start + n + 2
		}
	} else {
		for end < len(text) && !strings.ContainsRune(" \t,]}#", text[end]) {
			end++
		}
	}
	units := func(n int) int { return len(utf16.Encode(text[:min(n, len(text))])) }
	return lsp.Range{Start: lsp.Position{Line: line, Character: units(start)}, End: lsp.Position{Line: line, Character: units(end)}}
}

package vet

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
)

// parseErrors reads what go vet says of packages that do not compile:
//
//	# example.com/p
//	vettool: p/p.go:2:24: undefined: x
//
// The name is that of the vettool, or vet where the go command itself speaks. It
// also says there how a vettool died: silently, or with a trace of its own.
func (o *Options) parseErrors(stderr []byte) (list []Error) {
	pkg, lines := "", []string(nil)
	section := func() {
		if e, ok := crash(pkg, lines); ok {
			list = append(list, e)
		} else {
			list = append(list, o.parseLines(pkg, lines)...)
		}
		lines = nil
	}
	for line := range strings.Lines(string(stderr)) {
		line = strings.TrimRight(line, "\r\n")
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			section()
			pkg, _, _ = strings.Cut(rest, " ") // "p [p.test]" is p
			pkg = strings.Trim(pkg, "[]")
		} else if m := death().FindStringSubmatch(line); m != nil {
			list = append(list, deathError(m[1], m[2]))
		} else {
			lines = append(lines, line)
		}
	}
	section()
	return list
}

// death matches what the go command says of a tool that ended without a word:
//
//	example.com/p: /cache/vettool: signal: killed
var death = lazyregexp.New(`^(\S+)(?: \[\S+\])?: .+: (signal: .+|exit status \d+)$`)

// loadFailed reports whether stderr of a go vet that analysed nothing says that
// packages could not be loaded: it tells neither of one that does not compile nor
// of a vettool that died.
func loadFailed(stderr []byte) bool {
	for line := range strings.Lines(string(stderr)) {
		if strings.HasPrefix(line, "# ") || death().MatchString(strings.TrimRight(line, "\r\n")) {
			return false
		}
	}
	return len(stderr) > 0
}

func deathError(pkg, how string) Error {
	message := "the vettool ended without a word: " + how
	if how == "signal: killed" {
		message += ", which the system does when memory runs out"
	}
	return Error{Package: pkg, Message: message, Silent: how == "exit status 1"}
}

// ask returns errors with what go vet says of the packages of silent ones. From
// Go 1.27 on a vettool leaves it to the compiler to tell of type errors in a
// package that was not asked for, and the compiler may be left out.
func (o *Options) ask(ctx context.Context, list []Error) ([]Error, error) {
	var silent []string
	for _, e := range list {
		if e.Silent {
			silent = append(silent, e.Package)
		}
	}
	if len(silent) == 0 {
		return list, nil
	}
	none := func() packages { return packages{} }
	_, stderr, err := o.goVet(ctx, &Report{}, none, silent)
	if err != nil {
		return nil, err
	}
	said := o.parseErrors(stderr)
	list = slices.DeleteFunc(list, func(e Error) bool {
		return e.Silent && slices.ContainsFunc(said, func(s Error) bool { return s.Package == e.Package })
	})
	return append(list, said...), nil
}

// trace matches the beginning of the first goroutine in a trace.
var trace = lazyregexp.New(`^goroutine \d+ .*\[.*\]:$`)

// crash returns the error that a Go program's dying words come to: what it died
// of, and the function. The rest of the trace helps nobody who vets.
func crash(pkg string, lines []string) (Error, bool) {
	cause, where := "", ""
	var function string
	inTrace := false
	for _, line := range lines {
		switch {
		case trace().MatchString(line):
			inTrace = true
		case !inTrace:
			for _, prefix := range []string{"panic: ", "fatal error: "} {
				if rest, ok := strings.CutPrefix(line, prefix); ok && cause == "" {
					cause = rest
				}
			}
		case where != "":
		case strings.HasPrefix(line, "\t"): // "	/lint/lint.go:25 +0x1b"
			if file, _, _ := strings.Cut(strings.TrimSpace(line), " "); function != "" {
				where = fmt.Sprintf(" in %s (%s)", function, path.Base(filepath.ToSlash(file)))
			}
		default:
			function = ""
			if i := strings.LastIndexByte(line, '('); i > 0 && !strings.HasPrefix(line, "runtime.") && !strings.HasPrefix(line, "panic(") {
				function = line[:i]
			}
		}
	}
	return Error{Package: pkg, Message: "the vettool crashed: " + cause + where}, cause != "" && inTrace
}

// parseLines reads lines about one package.
func (o *Options) parseLines(pkg string, lines []string) (list []Error) {
	tool := strings.TrimSuffix(filepath.Base(o.Vettool), ".exe") + ": "
	for _, line := range lines {
		if strings.HasPrefix(line, "\t") && len(list) > 0 {
			list[len(list)-1].Message += "\n" + line
			continue
		}
		if line = strings.TrimPrefix(strings.TrimPrefix(line, "vet: "), tool); line == "" || strings.HasPrefix(line, "go: downloading ") {
			continue
		}
		if strings.HasSuffix(line, ")") && strings.Contains(line, "(no package vetx file for ") {
			continue // an import could not be analysed, and says why itself
		}
		e := Error{Package: pkg, Message: line}
		if pos, message, ok := strings.Cut(line, ": "); ok {
			if file, n, _ := splitPosition(pos); n > 0 && strings.HasSuffix(file, ".go") {
				e = o.position(Error{Package: pkg, Message: message}, pos)
			}
		}
		list = append(list, e)
	}
	return list
}

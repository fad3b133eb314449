package golangci

import (
	"strings"

	hearth "github.com/gohearth/hearth/goplsconfig/policy"
)

// run reads how golangci-lint runs.
func (im *importer) run() {
	s := im.root.get("run")
	if tags := s.get("build-tags").texts(); len(tags) > 0 {
		im.out.buildFlags.add("-tags=" + strings.Join(tags, ","))
	}
	if mode := s.get("modules-download-mode").text(); mode != "" {
		im.out.buildFlags.add("-mod=" + mode)
	}
	if !s.get("tests").or(true) {
		im.out.noTests = true
	}
	if t := s.get("timeout"); t.text() != "0" {
		t.noted("", "run.timeout is a flag: hearth vet --timeout=%s", t.text())
	}
	if code := s.get("issues-exit-code"); code.text() != "1" {
		code.noted("", "hearth vet exits with 1 when it finds something, and with 2 when something is broken")
	}
	s.get("go").noted("", "run.go is not needed; go.mod says which Go it is")
	s.get("concurrency").noted("set GOMAXPROCS where hearth vet runs", "run.concurrency is not carried over")
	s.get("skip-dirs-use-default").noted("", "run.skip-dirs-use-default is not needed; Go skips vendor, testdata and others by itself")
	for _, key := range []string{"allow-parallel-runners", "allow-serial-runners"} {
		s.get(key).noted("", "run.%s is not needed; any number of hearth vet may run at once", key)
	}
	im.excludePaths(s.get("skip-dirs"), s.get("skip-files"))
}

// issues reads which findings are shown. Whether one is new, and whether it gets
// fixed, is for the command line to say and not for a policy.
func (im *importer) issues() {
	s := im.root.get("issues")
	for _, key := range []string{"max-issues-per-linter", "max-same-issues", "uniq-by-line"} {
		s.get(key).noted("", "issues.%s is not needed; hearth vet shows every finding", key)
	}
	for key, flag := range map[string]string{"new-from-rev": "--new-from", "new-from-merge-base": "--new-from-merge-base"} {
		if v := s.get(key); v.text() != "" {
			v.noted("", "issues.%s is a flag: hearth vet %s=%s", key, flag, v.text())
		}
	}
	if v := s.get("new"); v.is() {
		v.noted("", "issues.new is a flag: hearth vet --new-from=HEAD")
	}
	if v := s.get("new-from-patch"); v.text() != "" {
		v.noted("write hearth vet --new-from=REV", "issues.new-from-patch has no counterpart")
	}
	if v := s.get("whole-files"); v.is() {
		v.noted("", "issues.whole-files has no counterpart; hearth vet looks at new lines")
	}
	if v := s.get("fix"); v.is() {
		v.noted("", "issues.fix is a flag: hearth vet --fix")
	}
}

// formats are the formats of golangci-lint that hearth vet has under some name.
var formats = map[string]string{
	"checkstyle": "checkstyle", "code-climate": "gitlab", "colored-line-number": "text", "github-actions": "github",
	"html": "html", "json": "json", "line-number": "text", "sarif": "sarif", "tab": "text", "text": "text",
}

// output reads how findings are written, which is for the command line to say.
func (im *importer) output() {
	s := im.root.get("output")
	f := s.get("formats")
	if f.node != nil && f.isMapping() {
		for _, e := range f.entries() {
			im.format(e, e.key.Value, e.get("path").text())
			e.done()
		}
	} else {
		for _, e := range f.list() {
			im.format(e, e.get("format").text()+e.text(), e.get("path").text())
			e.done()
		}
	}
	if v := s.get("format"); v.exists() {
		im.format(v, v.text(), "")
	}
	for _, key := range []string{"show-stats", "sort-order", "sort-results", "print-issued-lines", "print-linter-name", "uniq-by-line"} {
		s.get(key).noted("", "output.%s is not needed; what hearth vet prints does not vary", key)
	}
}

func (im *importer) format(v value, name, path string) {
	flag, ok := formats[name]
	if !ok {
		im.note(v, "hearth vet has --format=json, sarif and others", "hearth has no format %q", name)
		return
	}
	if path != "" && path != "stdout" && path != "stderr" {
		flag += ":" + path
	}
	if flag != "text" {
		im.note(v, "", "the format %q is a flag: hearth vet --format=%s", name, flag)
	}
}

// levels are the severities of golangci-lint, which takes any word.
var levels = map[string]string{
	"error": hearth.Error, "blocker": hearth.Error, "critical": hearth.Error, "high": hearth.Error,
	"warning": hearth.Warning, "warn": hearth.Warning, "major": hearth.Warning, "medium": hearth.Warning,
	"info": hearth.Information, "information": hearth.Information, "notice": hearth.Information, "minor": hearth.Information, "low": hearth.Information,
	"hint": hearth.Hint,
}

// severity reads how findings rank.
func (im *importer) severity() {
	s := im.root.get("severity")
	for _, key := range []string{"default", "default-severity"} {
		if v := s.get(key); v.exists() && !strings.HasPrefix(v.text(), "@") { // @linter: what the linter says
			im.rank(v, v.text(), []string{"all"})
		}
	}
	for _, r := range s.get("rules").list() {
		var chosen []string
		for _, l := range r.get("linters").texts() {
			chosen = append(chosen, selectors(l)...)
		}
		level := r.get("severity")
		switch {
		case narrow(r) != "":
			r.noted("", "a severity for what %q says is not carried over", narrow(r))
		case len(chosen) == 0:
			r.noted("", "a severity for linters without counterpart is not carried over")
		default:
			im.rank(level, level.text(), chosen)
		}
	}
}

func (im *importer) rank(v value, word string, chosen []string) {
	level, ok := levels[strings.ToLower(word)]
	if !ok {
		v.noted("write one of "+strings.Join(hearth.Severities, ", "), "hearth has no severity %q", word)
		return
	}
	for _, name := range chosen {
		im.out.severity = append(im.out.severity, [2]string{name, level})
	}
}

// formatters reads what the second version has apart from linters.
func (im *importer) formatters() {
	s := im.root.get("formatters")
	settings := s.get("settings")
	for _, v := range s.get("enable").list() {
		name := v.text()
		switch name {
		case "gofmt":
			im.gofmt(settings.get(name))
		case "gofumpt":
			im.gofumpt(settings.get(name))
		case "goimports":
			im.goimports(settings.get(name))
		case "gci":
			im.gci(settings.get(name))
		default:
			v.noted("keep golangci-lint fmt for it", "formatter %s has no counterpart", name)
			settings.get(name).done()
		}
	}
}

// gofmt -s is what three passes of gopls report.
func (im *importer) gofmt(s value) {
	if s.get("simplify").or(true) {
		for _, name := range []string{"simplifycompositelit", "simplifyrange", "simplifyslice"} {
			im.out.enable.add(name)
		}
	}
}

func (im *importer) gofumpt(s value) { im.out.gofumpt = true }

func (im *importer) goimports(s value) {
	for _, p := range s.get("local-prefixes").texts() { // the first version had one text
		for p := range strings.SplitSeq(p, ",") {
			im.out.local.add(strings.TrimSpace(p))
		}
	}
}

// gci keeps groups of imports in order. gopls knows one group, which is local.
func (im *importer) gci(s value) {
	for _, v := range s.get("sections").list() {
		prefix, isPrefix := strings.CutPrefix(v.text(), "prefix(")
		switch {
		case isPrefix:
			for p := range strings.SplitSeq(strings.TrimSuffix(prefix, ")"), ",") {
				im.out.local.add(strings.TrimSpace(p))
			}
		case v.text() == "standard" || v.text() == "default":
		default:
			v.noted("", "the section %s of gci has no counterpart", v.text())
		}
	}
	if v := s.get("local-prefixes"); v.text() != "" {
		im.out.local.add(v.text())
	}
}

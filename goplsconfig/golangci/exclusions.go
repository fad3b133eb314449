package golangci

import (
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
)

// exclusions carries over what is not to be reported, as exceptions of the
// policy. An exception is for analyzers, packages and files; what goes by the
// words of a finding or by the line would suppress too much as one.
func (im *importer) exclusions() {
	for _, s := range []value{im.root.get("linters", "exclusions"), im.root.get("formatters", "exclusions")} {
		s.get("warn-unused").noted("", "warn-unused is not needed; hearth vet --show-suppressed names exceptions that matched nothing")
		s.get("generated").noted("hearth's passes and rules know generated files each by itself", "%s is not carried over", join(s.path, "generated"))
		for _, p := range s.get("presets").list() {
			p.noted("write exceptions for what you do not want", "the preset %q is not carried over", p.text())
		}
		s.get("paths-except").noted("write exceptions with in:", "%s is not carried over", join(s.path, "paths-except"))
	}
	im.excludePaths(im.root.get("linters", "exclusions", "paths"), value{im: im})
	im.root.get("formatters", "exclusions", "paths").done() // hearth vet does not look at formats
	for _, r := range im.root.get("linters", "exclusions", "rules").list() {
		im.exclude(r)
	}
	im.oldExclusions(im.root.get("issues"))
}

// oldExclusions are what the first version had under issues.
func (im *importer) oldExclusions(s value) {
	for _, r := range s.get("exclude-rules").list() {
		im.exclude(r)
	}
	im.excludePaths(s.get("exclude-dirs"), s.get("exclude-files"))
	s.get("exclude-use-default").noted("write exceptions for what you do not want", "the default exclusions of golangci-lint are not carried over")
	s.get("exclude-dirs-use-default").noted("", "issues.exclude-dirs-use-default is not needed; Go skips vendor, testdata and others by itself")
	s.get("exclude-generated").noted("hearth's passes and rules know generated files each by itself", "issues.exclude-generated is not carried over")
	for _, e := range s.get("exclude").list() {
		e.noted("write an exception, or disable the analyzer", "findings by their words are not carried over: %q", e.text())
	}
}

// excludePaths takes folders and files out of every analysis.
func (im *importer) excludePaths(lists ...value) {
	for _, list := range lists {
		for _, v := range list.list() {
			e := exception{analyzers: []string{"all"}, line: v.node.Line}
			if !im.place(v, v.text(), &e) {
				v.noted("write an exception with in: or files:", "the path %q is no folder and no file", v.text())
			}
		}
	}
}

// narrow returns what narrows a rule down to the words of a finding, or to the
// files that are not somewhere.
func narrow(r value) string {
	for _, key := range []string{"text", "source", "path-except"} {
		if t := r.get(key).text(); t != "" {
			return t
		}
	}
	return r.get("path").text()
}

// code is the words of a finding that are the name of a check.
var code = lazyregexp.New(`^\^?\(?((?:SA|ST|S|QF)\d{4}|[a-z]+:)[:|]?\)?:?\s*$`)

// exclude carries over one rule of exclusions.
func (im *importer) exclude(r value) {
	linters := r.get("linters").texts()
	e := exception{line: r.node.Line}
	for _, l := range linters {
		for _, name := range selectors(l) {
			if !slices.Contains(e.analyzers, name) {
				e.analyzers = append(e.analyzers, name)
			}
		}
	}
	text, path := r.get("text").text(), r.get("path").text()
	if m := code().FindStringSubmatch(text); m != nil {
		name := strings.TrimSuffix(m[1], ":")
		if by, gone := instead[name]; gone {
			name = by
		}
		if _, ok := known()[name]; ok {
			e.analyzers, text = []string{name}, ""
		}
	}
	switch {
	case r.get("source").text() != "":
		r.noted("write a comment //nolint on these lines", "an exclusion by the text of a line is not carried over")
	case len(linters) > 0 && len(e.analyzers) == 0:
		r.noted("", "an exclusion for %s has nothing to exclude, since nothing of that is carried over", strings.Join(linters, ", "))
	case text != "":
		r.noted("write an exception, or disable the analyzer", "an exclusion by the words of a finding is not carried over: %q", text)
	case r.get("path-except").text() != "":
		r.noted("write an exception with in: or files:", "an exclusion outside of %q is not carried over", r.get("path-except").text())
	case path == "":
		for _, name := range e.analyzers { // a check, everywhere
			im.out.disable.add(name)
		}
	default:
		if len(linters) == 0 && len(e.analyzers) == 0 {
			e.analyzers = []string{"all"}
		}
		if !im.place(r, path, &e) {
			r.noted("write an exception with in: or files:", "the path %q is no folder and no file", path)
		}
	}
}

// place adds exceptions like e for what a regular expression of paths matches,
// if those are folders and files.
func (im *importer) place(v value, expr string, e *exception) bool {
	all, err := globs(expr)
	if err != nil {
		return false
	}
	var files []string // of every folder
	var placed []exception
	for _, g := range all {
		dir, file, ok := split(g)
		if !ok {
			return false
		}
		if dir == "" {
			files = append(files, file)
			continue
		}
		p := exception{analyzers: e.analyzers, line: e.line}
		p.in = []string{dir}
		if rest, ok := strings.CutPrefix(dir, "*"); ok {
			p.in = []string{"./" + rest, "./.../" + rest}
		}
		if file != "" {
			p.files = []string{file}
		}
		if p.in = im.present(p.in, nil); len(p.in) == 0 {
			im.note(v, "", "the path %q has no Go files, so there is nothing to exclude", expr)
			continue
		}
		if last := len(placed) - 1; last >= 0 && slices.Equal(placed[last].files, p.files) {
			placed[last].in = append(placed[last].in, p.in...)
			continue
		}
		placed = append(placed, p)
	}
	if len(files) > 0 {
		placed = append(placed, exception{analyzers: e.analyzers, line: e.line, files: files})
	}
	im.out.exceptions = append(im.out.exceptions, placed...)
	return true
}

// split turns a glob of paths into a pattern of packages, with a * before it
// where it may be at any depth, and a pattern of base names.
func split(glob string) (dir, file string, ok bool) {
	glob, anywhere := strings.CutPrefix(glob, "*")
	glob = strings.TrimPrefix(strings.TrimPrefix(glob, "./"), "/")
	slash := strings.LastIndexByte(glob, '/')
	if base := glob[slash+1:]; strings.HasSuffix(strings.TrimSuffix(base, "*"), ".go") {
		glob, file = glob[:max(slash, 0)], strings.TrimSuffix(base, "*")
		if slash < 0 {
			if anywhere && !strings.HasPrefix(file, "*") {
				file = "*" + file
			}
			if !anywhere {
				return ".", file, file != ""
			}
			return "", file, file != "*.go"
		}
	} else {
		glob = strings.TrimSuffix(strings.TrimSuffix(glob, "*"), "/")
	}
	if glob == "" || strings.ContainsAny(glob, `*?[]\`) || strings.ContainsAny(file, `?[]\`) {
		return "", "", false
	}
	dir = glob
	if file == "" {
		dir += "/..."
	}
	if anywhere {
		return "*" + dir, file, true
	}
	return "./" + dir, file, true
}

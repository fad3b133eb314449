package golangci

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/gohearth/hearth/internal/lazyregexp"
)

// addRule adds a rule under an id that is made of what it forbids.
func (im *importer) addRule(r rule, linter, subject string) {
	id := linter + "-" + strings.Trim(notInID().ReplaceAllString(strings.ToLower(subject), "-"), "-")
	r.id = id
	for n := 2; im.hasRule(r.id); n++ {
		r.id = fmt.Sprintf("%s-%d", id, n)
	}
	im.out.rules = append(im.out.rules, r)
}

var notInID = lazyregexp.New(`[^a-z0-9]+`)

func (im *importer) hasRule(id string) bool {
	for _, r := range im.out.rules {
		if r.id == id {
			return true
		}
	}
	return false
}

// depguard carries over the packages that must not be imported.
func (im *importer) depguard(s value) {
	for _, r := range s.get("rules").entries() {
		inside, outside, err := scope(r.get("files").texts())
		if err != nil {
			r.noted("write a rule with in: and except:", "the rule %q of depguard is for files that are no packages: %v", r.key.Value, err)
			continue
		}
		there := im.present(inside, nil)
		if len(there) == 0 && len(inside) > 0 {
			r.noted("", "the files of the rule %q of depguard are not there", r.key.Value)
			continue
		}
		inside, outside = there, im.present(outside, there)
		if mode := r.get("list-mode").text(); strings.EqualFold(mode, "strict") {
			r.get("allow").noted("", "a list of all that may be imported has no counterpart; what the rule %q denies is carried over", r.key.Value)
		} else if allow := r.get("allow"); len(allow.texts()) > 0 {
			allow.noted("write what is denied more exactly", "what the rule %q allows among what it denies is not carried over", r.key.Value)
		}
		for _, d := range r.get("deny").list() {
			im.deny(d, rule{inside: inside, outside: outside})
		}
	}
}

// deny carries over one package, which stands for all that begin so.
func (im *importer) deny(d value, r rule) {
	pkg := d.get("pkg").text() + d.text()
	exact, isExact := strings.CutSuffix(pkg, "$")
	if strings.HasPrefix(pkg, "$") || strings.ContainsAny(exact, `*?[]{}!\`) || pkg == "" {
		d.noted("write a rule with forbid-import", "the packages %q are not carried over", pkg)
		return
	}
	r.imports = []string{strings.TrimSuffix(exact, "/")}
	if !isExact {
		r.imports[0] += "/..."
	}
	r.message = cmp.Or(d.get("desc").text(), "do not import "+exact)
	im.addRule(r, "depguard", exact)
}

// scope turns globs of files into patterns of packages, as far as the globs are
// folders.
func scope(files []string) (inside, outside []string, err error) {
	for _, f := range files {
		glob, not := strings.CutPrefix(f, "!")
		if glob == "$all" && !not {
			continue
		}
		dir := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(glob, "*.go"), "*"), "*")
		if !strings.HasSuffix(dir, "/") || dir == glob && !strings.HasSuffix(glob, "/") {
			return nil, nil, fmt.Errorf("%q", f)
		}
		deep := strings.HasPrefix(dir, "**/")
		dir = strings.Trim(strings.TrimPrefix(strings.TrimPrefix(dir, "**/"), "./"), "/")
		if dir == "" || strings.ContainsAny(dir, "*?[]{}$") {
			return nil, nil, fmt.Errorf("%q", f)
		}
		patterns := []string{"./" + dir + "/..."}
		if deep {
			patterns = append(patterns, "./.../"+dir+"/...")
		}
		if not {
			outside = append(outside, patterns...)
		} else {
			inside = append(inside, patterns...)
		}
	}
	return inside, outside, nil
}

// gomodguard carries over the modules that must not be in the build. Its second
// version has one list of blocked modules, its first has two.
func (im *importer) gomodguard(s value) {
	s.get("allowed").noted("", "a list of all modules that may be used has no counterpart")
	if v := s.get("local-replace-directives"); v.is() {
		v.noted("", "gomodguard's look at replace directives has no counterpart")
	}
	blocked := s.get("blocked")
	if blocked.isMapping() {
		for _, key := range []string{"modules", "versions"} {
			for _, e := range blocked.get(key).list() {
				for _, m := range e.entries() {
					im.block(m, m.key.Value)
				}
			}
		}
		if v := blocked.get("local-replace-directives"); v.is() {
			v.noted("", "gomodguard's look at replace directives has no counterpart")
		}
		return
	}
	for _, e := range blocked.list() {
		if kind := e.get("match-type").text(); kind != "" && kind != "exact" {
			e.noted("write a rule for each module", "modules by %s are not carried over", kind)
			continue
		}
		im.block(e, e.get("module").text())
	}
}

// comparison is a version constraint of one bound.
var comparison = lazyregexp.New(`^\s*(<=|>=|<|>|==?)?\s*v?(\d+(\.\d+){0,2}(-[\w.]+)?)\s*$`)

func (im *importer) block(m value, path string) {
	versions := "*"
	if c := m.get("version").text(); c != "" {
		parts := comparison().FindStringSubmatch(c)
		if parts == nil {
			m.noted("write forbid-import: ["+path+"@<v1.2.3]", "the versions %q of %s are not carried over", c, path)
			return
		}
		version := parts[2] + strings.Repeat(".0", 2-strings.Count(strings.SplitN(parts[2], "-", 2)[0], "."))
		versions = strings.Replace(cmp.Or(parts[1], "="), "==", "=", 1) + "v" + version
	}
	message := m.get("reason").text()
	if instead := m.get("recommendations").texts(); len(instead) > 0 {
		message = strings.TrimSpace("use " + strings.Join(instead, " or ") + " instead. " + message)
	}
	r := rule{imports: []string{path + "@" + versions}, message: cmp.Or(message, "do not use the module "+path)}
	im.addRule(r, "gomodguard", path)
}

// usualForbidden is what forbidigo forbids when it is told nothing.
const usualForbidden = `^(fmt\.Print(|f|ln)|print|println)$`

// forbidigo carries over patterns that are functions written with wildcards.
func (im *importer) forbidigo(s value) {
	list := s.get("forbid")
	for _, v := range list.list() {
		expr := cmp.Or(v.get("pattern").text(), v.get("p").text(), v.text())
		im.forbid(v, expr, v.get("msg").text(), v.get("pkg").text())
	}
	if len(list.list()) == 0 {
		im.forbid(s, usualForbidden, "", "")
	}
	s.get("analyze-types").done() // rules always do
	if v := s.get("exclude-godoc-examples"); v.exists() {
		v.noted("write tests: exclude in the rules", "forbidigo.exclude-godoc-examples is not carried over")
	}
}

// messageInPattern is how a pattern may carry its own message.
var messageInPattern = lazyregexp.New(`\(# ?([^)]*)\)\?`)

func (im *importer) forbid(v value, expr, message, pkg string) {
	if m := messageInPattern().FindStringSubmatchIndex(expr); m != nil {
		message = cmp.Or(message, strings.ReplaceAll(expr[m[2]:m[3]], `\`, ""))
		expr = expr[:m[0]] + expr[m[1]:]
	}
	all, err := globs(expr)
	var calls []string
	var builtins, others []string
	for _, g := range all {
		symbol, ok := symbolOf(g, pkg)
		switch {
		case ok:
			calls = append(calls, symbol)
		case builtin().MatchString(g):
			builtins = append(builtins, g)
		default:
			others = append(others, g)
		}
	}
	if len(builtins) > 0 {
		im.note(v, "write a rule with forbid-construct", "the pattern %q is carried over without %s", expr, strings.Join(builtins, ", "))
	}
	if err != nil || len(others) > 0 {
		v.noted("write a rule with forbid-call, and the import path of each function", "the pattern %q is no list of functions of known packages", expr)
		return
	}
	if len(calls) > 0 {
		im.addRule(rule{calls: calls, message: cmp.Or(message, "do not use "+strings.Join(calls, ", "))}, "forbidigo", calls[0])
	}
}

var (
	builtin   = lazyregexp.New(`^\*?(print|println|panic|recover|make|new|append|copy|close|delete|len|cap|min|max|clear)\*?$`)
	qualified = lazyregexp.New(`^\*?([a-z][a-z0-9]*)\.([\pL_][\pL\pN_]*\*?|\*)$`)
)

// symbolOf turns pkg.Func into path/to/pkg.Func. Patterns see the name of a
// package as it is in the code; its path is known where another pattern gives
// it, or where it is of the standard library.
func symbolOf(glob, pkg string) (string, bool) {
	m := qualified().FindStringSubmatch(glob)
	if m == nil {
		return "", false
	}
	if pkg != "" {
		paths, err := globs(pkg)
		if err != nil || len(paths) != 1 || strings.Contains(strings.Trim(paths[0], "*"), "*") {
			return "", false
		}
		return strings.Trim(paths[0], "*") + "." + m[2], true
	}
	path, ok := standardPackages()[m[1]]
	return path + "." + m[2], ok
}

// standardPackages are the packages of the standard library whose name leaves
// no doubt, which rand, template, pprof and scanner do.
var standardPackages = sync.OnceValue(func() map[string]string {
	all := make(map[string]string)
	for path := range strings.FieldsSeq(`bufio bytes context container/heap container/list container/ring cmp
		compress/gzip compress/zlib crypto crypto/hmac crypto/md5 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha512 crypto/tls
		crypto/x509 database/sql encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex encoding/json encoding/xml errors expvar
		flag fmt go/ast hash html io io/fs io/ioutil iter log log/slog maps math math/big math/bits mime net net/http
		net/http/httptest net/netip net/url os os/exec os/signal os/user path path/filepath plugin reflect regexp
		runtime runtime/debug slices sort strconv strings sync sync/atomic syscall testing time unicode unicode/utf8 unsafe`) {
		all[path[strings.LastIndexByte(path, '/')+1:]] = path
	}
	return all
})

package goplsconfig

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gohearth/hearth/internal/lazyregexp"
)

// Role is what a word of a policy names.
type Role int

// The roles of words.
const (
	InPattern        Role = iota // packages of the workspace
	ExceptPattern                // packages of the workspace that are left out
	ComponentPattern             // packages of the build
	ImportPattern                // packages that may be in the build, or not
	WarmPattern                  // packages that are loaded early
	Function                     // a function or a method
	Type
	Field
	Construct  // a part of the language
	Expression // a pattern of code
)

func (r Role) isPattern() bool { return r <= WarmPattern }

// Reference is a word of the policy that names something of the workspace.
type Reference struct {
	Position
	Role    Role
	Text    string // in full: relative patterns are package paths
	Written string
}

// note keeps what a word refers to, and returns its text in full.
func (r *reader) note(role Role, w word, text string) string {
	r.refs = append(r.refs, Reference{w.at, role, text, w.text})
	return text
}

func (r *reader) inPattern(w word) string     { return r.note(InPattern, w, r.packagePattern(w)) }
func (r *reader) exceptPattern(w word) string { return r.note(ExceptPattern, w, r.packagePattern(w)) }
func (r *reader) componentPattern(w word) string {
	return r.note(ComponentPattern, w, r.packagePattern(w))
}

// importPattern checks a pattern of packages, or a module with a range of
// versions.
func (r *reader) importPattern(w word) string {
	if isModule(w.text) {
		if _, hint, err := parseModule(w.text); err != nil {
			r.problems.add(w.at, hint, "%v", err)
		}
		return r.note(ImportPattern, w, w.text)
	}
	return r.note(ImportPattern, w, r.packagePattern(w))
}

// Symbols are written as types.Func.FullName writes them, which is how go doc
// users know them. The names of type parameters may be left out.
var (
	funcSymbol   = lazyregexp.New(`^([^\s()*]+)\.([\pL_][\pL\pN_]*)$`)
	methodSymbol = lazyregexp.New(`^\((\*?[^\s()*\[\]]+\.[\pL_][\pL\pN_]*(\[[^()]*\])?|error)\)\.[\pL_][\pL\pN_]*$`)
	wildSymbol   = lazyregexp.New(`^(\(\*?)?[^\s()*]+(\)\.[\pL\pN_]*)?\*$|^\(\*?[^\s()*]+\)\.\*$`)
	fieldSymbol  = lazyregexp.New(`^([^\s()*]+)\.([\pL_][\pL\pN_]*)\.([\pL_][\pL\pN_]*)$`)
)

// function checks how a function or a method is written.
func (r *reader) function(w word) string {
	text := w.text
	switch bare := strings.TrimSuffix(text, "()"); {
	case bare != text:
		r.problems.add(w.at, "write "+bare, "%q is a call; a rule names the function", text)
		return text
	case methodSymbol().MatchString(text), wildSymbol().MatchString(text):
	case funcSymbol().MatchString(text):
		m := funcSymbol().FindStringSubmatch(text)
		if path, typ, ok := splitType(m[1]); ok {
			r.problems.add(w.at, "write (*"+path+"."+typ+")."+m[2]+", or without * where its receiver has none",
				"%q is not how a method is written", text)
			return text
		}
	default:
		r.problems.add(w.at, "write the import path, a dot and the name: os.Exit, (*net/http.Client).Do, or log.Fatal* for all that begin so",
			"%q is no function and no method", text)
		return text
	}
	return r.note(Function, w, text)
}

// typeName checks how a type is written.
func (r *reader) typeName(w word) string {
	if strings.HasSuffix(w.text, "*") && wildSymbol().MatchString(w.text) && !strings.HasPrefix(w.text, "(") {
		return r.note(Type, w, w.text)
	}
	return r.namedType(w)
}

// paramType checks how a type, or a pointer to one, is written.
func (r *reader) paramType(w word) string {
	bare := strings.TrimPrefix(w.text, "*")
	if !funcSymbol().MatchString(bare) {
		return r.namedType(w) // for its complaint
	}
	r.note(Type, w, bare)
	return w.text
}

func (r *reader) namedType(w word) string {
	if !funcSymbol().MatchString(w.text) {
		hint := "write the import path, a dot and the name, such as net/http.Client"
		if bare := strings.TrimLeft(w.text, "*"); bare != w.text && funcSymbol().MatchString(bare) {
			hint = "write " + bare
		}
		r.problems.add(w.at, hint, "%q is no type", w.text)
		return w.text
	}
	return r.note(Type, w, w.text)
}

// fieldName checks how a field is written.
func (r *reader) fieldName(w word) string {
	if !fieldSymbol().MatchString(w.text) && !wildSymbol().MatchString(w.text) || strings.HasPrefix(w.text, "(") {
		r.problems.add(w.at, "write the import path, the type and the field: crypto/tls.Config.InsecureSkipVerify", "%q is no field", w.text)
		return w.text
	}
	return r.note(Field, w, w.text)
}

// splitType splits a qualified type into its package and its name, if it is
// one. The last part of an import path may have dots of its own
// ("gopkg.in/yaml.v3"), but what follows them is not upper case.
func splitType(s string) (path, name string, ok bool) {
	slash := strings.LastIndexByte(s, '/')
	dot := strings.LastIndexByte(s, '.')
	if dot <= slash {
		return "", "", false
	}
	path, name = s[:dot], s[dot+1:]
	first, _ := utf8.DecodeRuneInString(name)
	return path, name, unicode.IsUpper(first) && path != "" && !strings.HasSuffix(path, "/")
}

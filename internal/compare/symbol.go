package compare

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig"
)

// named is a symbol taken apart.
type named struct {
	pkg     string
	typ     string // "" for what belongs to no type
	pointer bool   // of a method's receiver
	name    string
	prefix  bool // name is the beginning of names
}

// takeApart splits a symbol. It fails for a prefix that may be of anything.
func takeApart(ref goplsconfig.Reference) (n named, ok bool) {
	text, wild := strings.CutSuffix(ref.Text, "*")
	n.prefix = wild
	if from, to := strings.IndexByte(text, '['), strings.LastIndexByte(text, ']'); 0 <= from && from < to {
		text = text[:from] + text[to+1:] // type parameters
	}
	if receiver, name, isMethod := strings.Cut(text, ")."); isMethod && strings.HasPrefix(receiver, "(") {
		receiver = receiver[1:]
		receiver, n.pointer = strings.TrimPrefix(receiver, "*"), strings.HasPrefix(receiver, "*")
		n.pkg, n.typ, ok = cutLast(receiver)
		n.name = name
		return n, ok
	}
	if strings.HasPrefix(text, "(") {
		return n, false
	}
	n.pkg, n.name, ok = cutLast(text)
	if ref.Role != goplsconfig.Field || !ok {
		return n, ok
	}
	if pkg, typ, isField := cutLast(n.pkg); isField && (!wild || ast.IsExported(typ)) {
		n.pkg, n.typ = pkg, typ
	}
	return n, true
}

// cutLast cuts at the last dot of the last element of a path.
func cutLast(s string) (before, after string, ok bool) {
	dot := strings.LastIndexByte(s, '.')
	if dot <= strings.LastIndexByte(s, '/')+1 {
		return "", "", false
	}
	return s[:dot], s[dot+1:], true
}

// symbol reports a symbol that its package does not have.
func (c *comparison) symbol(ref goplsconfig.Reference) error {
	n, ok := takeApart(ref)
	if !ok {
		return nil
	}
	f, err := c.ws.find(n.pkg)
	if err != nil {
		return err
	}
	if f.missing != "" {
		c.add(ref.Position, f.hint, "%s: %s", ref.Written, f.missing)
		return nil
	}
	if f.dir == "" {
		return nil // not in the build: there is nothing to forbid yet
	}
	sources, err := c.ws.sources(f.dir)
	if err != nil || n.declaredIn(sources, ref.Role) {
		return nil
	}
	d := declarations(sources)
	if len(d.names) == 0 {
		return nil // its files are broken, or not Go's; the compiler will say so
	}
	if message, hint := d.lacks(n, ref.Role); message != "" {
		c.add(ref.Position, hint, "%s: %s", ref.Written, message)
	}
	return nil
}

// decls are the declarations of a package, in the files for all platforms.
type decls struct {
	names map[string]token.Token // FUNC, TYPE, VAR, CONST
	types map[string]*typeDecl
}

type typeDecl struct {
	methods  map[string]bool // whether the receiver is a pointer
	fields   []string
	embedded []string // names of types of the same package
	isStruct bool
	isIface  bool
}

func declarations(sources [][]byte) *decls {
	d := &decls{names: make(map[string]token.Token), types: make(map[string]*typeDecl)}
	for _, source := range sources {
		file, _ := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
		if file == nil {
			continue
		}
		for _, decl := range file.Decls {
			d.add(decl)
		}
	}
	return d
}

// declaredIn reports whether gofmt's form of a declaration of n is in one of the
// files. Most symbols are right, and to parse a package like net/http for each run
// of hearth vet would cost more than all else here.
func (n named) declaredIn(sources [][]byte, role goplsconfig.Role) bool {
	name := regexp.QuoteMeta(n.name)
	if !n.prefix {
		name += `\b`
	}
	var near, form string // what is in the line, and the line
	switch {
	case role == goplsconfig.Function && n.typ == "":
		near, form = "func "+n.name, `^func `+name
	case role == goplsconfig.Function:
		star := ""
		if n.pointer {
			star = `\*`
		}
		near = ") " + n.name
		form = `^func \((?:[\pL\pN_]+ )?` + star + regexp.QuoteMeta(n.typ) + `(?:\[[^\]]*\])?\) ` + name
	case role == goplsconfig.Type:
		near, form = "type "+n.name, `^type `+name
	default:
		// Fields are in the one file with their type.
		header := []byte("type " + n.typ + " struct {")
		return slices.ContainsFunc(sources, func(source []byte) bool {
			if !bytes.Contains(source, header) {
				return false
			}
			d := declarations([][]byte{source})
			message, _ := d.lacks(n, role)
			return message == ""
		})
	}
	line := regexp.MustCompile(form)
	return slices.ContainsFunc(sources, func(source []byte) bool { return hasLine(source, []byte(near), line) })
}

// hasLine reports whether a line that contains near matches form. To look for a
// text takes a tenth of what it takes to match an expression.
func hasLine(source, near []byte, form *regexp.Regexp) bool {
	for {
		i := bytes.Index(source, near)
		if i < 0 {
			return false
		}
		start := bytes.LastIndexByte(source[:i], '\n') + 1
		end := len(source)
		if n := bytes.IndexByte(source[i:], '\n'); n >= 0 {
			end = i + n
		}
		if form.Match(source[start:end]) {
			return true
		}
		source = source[end:]
	}
}

func (d *decls) add(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			d.names[decl.Name.Name] = token.FUNC
		} else if len(decl.Recv.List) == 1 {
			name, pointer := typeName(decl.Recv.List[0].Type)
			d.typeNamed(name).methods[decl.Name.Name] = pointer
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					d.names[id.Name] = decl.Tok
				}
			case *ast.TypeSpec:
				d.names[spec.Name.Name] = token.TYPE
				d.typeNamed(spec.Name.Name).add(spec.Type)
			}
		}
	}
}

func (d *decls) typeNamed(name string) *typeDecl {
	t := d.types[name]
	if t == nil {
		t = &typeDecl{methods: make(map[string]bool)}
		d.types[name] = t
	}
	return t
}

func (t *typeDecl) add(expr ast.Expr) {
	switch expr := expr.(type) {
	case *ast.StructType:
		t.isStruct = true
		for _, f := range expr.Fields.List {
			for _, id := range f.Names {
				t.fields = append(t.fields, id.Name)
			}
			if name, _ := typeName(f.Type); len(f.Names) == 0 && name != "" {
				t.fields, t.embedded = append(t.fields, name), append(t.embedded, name)
			}
		}
	case *ast.InterfaceType:
		t.isIface = true
		for _, m := range expr.Methods.List {
			for _, id := range m.Names {
				t.methods[id.Name] = false
			}
			if name, _ := typeName(m.Type); len(m.Names) == 0 && name != "" {
				t.embedded = append(t.embedded, name)
			}
		}
	}
}

// typeName returns the name of a type, of its own package or of another.
func typeName(expr ast.Expr) (name string, pointer bool) {
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr, pointer = e.X, true
		case *ast.ParenExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.SelectorExpr:
			return e.Sel.Name, pointer
		case *ast.Ident:
			return e.Name, pointer
		default:
			return "", pointer
		}
	}
}

// lacks says why the package does not have n, and what may have been meant.
func (d *decls) lacks(n named, role goplsconfig.Role) (message, hint string) {
	switch {
	case n.typ != "":
		return d.lacksMember(n, role)
	case role == goplsconfig.Field: // a prefix of types
		return d.lacksName(n, "type", token.TYPE)
	case role == goplsconfig.Type:
		return d.lacksName(n, "type", token.TYPE)
	}
	return d.lacksName(n, "function", token.FUNC)
}

func (d *decls) lacksName(n named, what string, want token.Token) (message, hint string) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		if d.names[name] == want {
			names = append(names, name)
		}
	}
	if n.prefix {
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, n.name) }) {
			return "", ""
		}
		message = fmt.Sprintf("no %s of %s begins with %s", what, n.pkg, n.name)
		return message, meant(n.pkg+".", n.name, names, "*")
	}
	switch tok, ok := d.names[n.name]; {
	case !ok:
		return fmt.Sprintf("%s has no %s %s", n.pkg, what, n.name), meant(n.pkg+".", n.name, names, "")
	case tok == want:
		return "", ""
	case tok == token.TYPE:
		return fmt.Sprintf("%s is a type", n.name), "forbid-type is for types; a method is written (*" + n.pkg + "." + n.name + ").Method"
	case tok == token.FUNC:
		return fmt.Sprintf("%s is a function", n.name), "forbid-call is for functions"
	}
	return fmt.Sprintf("%s is a %s, not a %s", n.name, map[token.Token]string{token.VAR: "variable", token.CONST: "constant"}[d.names[n.name]], what), "remove it"
}

// meant names the closest of names, written in full.
func meant(before, name string, names []string, after string) string {
	if best := goplsconfig.Closest(name, names); best != "" {
		return fmt.Sprintf("did you mean %q?", before+best+after)
	}
	return ""
}

// lacksMember is lacks for methods and fields.
func (d *decls) lacksMember(n named, role goplsconfig.Role) (message, hint string) {
	if d.names[n.typ] != token.TYPE {
		var types []string
		for _, name := range slices.Sorted(maps.Keys(d.names)) {
			if d.names[name] == token.TYPE {
				types = append(types, name)
			}
		}
		return fmt.Sprintf("%s has no type %s", n.pkg, n.typ), meant(n.pkg+".", n.typ, types, "")
	}
	t := d.types[n.typ]
	if role == goplsconfig.Field {
		return t.lacksField(n)
	}
	methods := slices.Sorted(maps.Keys(t.methods))
	if n.prefix {
		if slices.ContainsFunc(methods, func(m string) bool { return strings.HasPrefix(m, n.name) && t.methods[m] == n.pointer }) {
			return "", ""
		}
		if slices.ContainsFunc(methods, func(m string) bool { return strings.HasPrefix(m, n.name) }) {
			return "its receiver is written otherwise", "write " + method(n.pkg, n.typ, !n.pointer, n.name) + "*"
		}
		return fmt.Sprintf("no method of %s begins with %s", n.typ, n.name), meant(method(n.pkg, n.typ, n.pointer, ""), n.name, methods, "*")
	}
	pointer, ok := t.methods[n.name]
	switch {
	case ok && pointer == n.pointer:
		return "", ""
	case ok:
		return "its receiver is written otherwise", "write " + method(n.pkg, n.typ, pointer, n.name)
	}
	message = fmt.Sprintf("%s has no method %s", n.typ, n.name)
	if owner, pointer := d.promoted(t, n.name, 0); owner != "" {
		return message + " of its own", "write " + method(n.pkg, owner, pointer, n.name) + ", from which it comes"
	}
	if best := goplsconfig.Closest(n.name, methods); best != "" {
		hint = fmt.Sprintf("did you mean %q?", method(n.pkg, n.typ, t.methods[best], best))
	}
	return message, hint
}

func (t *typeDecl) lacksField(n named) (message, hint string) {
	switch {
	case !t.isStruct && !t.isIface:
		return "", "" // made of another type, whose fields these are
	case n.prefix && slices.ContainsFunc(t.fields, func(f string) bool { return strings.HasPrefix(f, n.name) }),
		!n.prefix && slices.Contains(t.fields, n.name):
		return "", ""
	}
	return fmt.Sprintf("%s has no field %s", n.typ, n.name), meant(n.pkg+"."+n.typ+".", n.name, t.fields, "")
}

// promoted returns the embedded type of the same package that declares a method.
func (d *decls) promoted(t *typeDecl, name string, depth int) (owner string, pointer bool) {
	if depth > 8 {
		return "", false // types can embed pointers to each other
	}
	for _, e := range t.embedded {
		et := d.types[e]
		if et == nil {
			continue
		}
		if pointer, ok := et.methods[name]; ok {
			return e, pointer
		}
		if owner, pointer := d.promoted(et, name, depth+1); owner != "" {
			return owner, pointer
		}
	}
	return "", false
}

func method(pkg, typ string, pointer bool, name string) string {
	star := ""
	if pointer {
		star = "*"
	}
	return "(" + star + pkg + "." + typ + ")." + name
}

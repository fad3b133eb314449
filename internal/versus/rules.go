package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"strings"
)

// seldom are packages that few use. Rules about them hold in most repositories, as
// the rules of a team do that obeys them: what is compared is the cost of looking,
// and not that of printing thousands of findings.
var seldom = []string{
	"archive/tar", "archive/zip", "compress/flate", "debug/elf", "encoding/asn1", "encoding/xml", "expvar", "go/build",
	"go/printer", "html/template", "image", "image/color", "mime/multipart", "net/mail", "net/rpc", "net/smtp", "net/textproto",
	"text/scanner", "text/tabwriter", "text/template",
}

// manyRules returns the policy base with n rules of several kinds in place of its
// own.
func manyRules(base string, n int) (string, error) {
	head, _, ok := strings.Cut(base, "\nrules:\n")
	if !ok {
		return "", fmt.Errorf("the policy has no rules")
	}
	if n == 0 {
		return head + "\n", nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nrules:\n", head)
	count := 0
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range seldom {
		pkg, err := imp.Import(path)
		if err != nil {
			return "", err
		}
		for _, name := range pkg.Scope().Names() {
			if count == n {
				return b.String(), nil
			}
			if kind := ruleOn(pkg.Scope().Lookup(name), count); kind != "" {
				fmt.Fprintf(&b, "  - {id: many-%d, message: use the helper of the team, severity: hint, %s}\n", count, kind)
				count++
			}
		}
	}
	return "", fmt.Errorf("there is enough for %d rules, and no more", count)
}

// ruleOn returns what a rule on obj forbids or asks for, or "" for none.
func ruleOn(obj types.Object, i int) string {
	if !obj.Exported() {
		return ""
	}
	name := obj.Pkg().Path() + "." + obj.Name()
	switch obj := obj.(type) {
	case *types.Func:
		sig := obj.Signature()
		switch {
		case sig.TypeParams() != nil:
			return ""
		case i%4 == 0 && sig.Params().Len() > 0 && !sig.Variadic():
			return fmt.Sprintf("require-arg: {call: [%s], arg: 1, must: non-zero}", name)
		case i%4 == 1 && sig.Params().Len() == 1 && !sig.Variadic():
			return fmt.Sprintf("replace: {from: %q, to: %q}", obj.Pkg().Name()+"."+obj.Name()+"($x)", obj.Pkg().Name()+"."+obj.Name()+"(($x))")
		}
		return fmt.Sprintf("forbid-call: [%s]", name)
	case *types.TypeName:
		if s, ok := obj.Type().Underlying().(*types.Struct); ok && s.NumFields() > 0 && s.Field(0).Exported() {
			return fmt.Sprintf("forbid-field: [%s.%s]", name, s.Field(0).Name())
		}
		return fmt.Sprintf("forbid-type: [%s]", name)
	}
	return ""
}

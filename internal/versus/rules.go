package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"strings"
)

// manyRules returns a policy of n rules of all kinds: those of base, and others
// on what the standard library exports, most of which real code uses somewhere.
// Without base's rules and n of 0 it is the same policy without rules.
func manyRules(base string, n int) (string, error) {
	head, own, ok := strings.Cut(base, "\nrules:\n")
	if !ok {
		return "", fmt.Errorf("the policy has no rules")
	}
	if n == 0 {
		return head + "\n", nil
	}
	var b strings.Builder
	b.WriteString(base)
	count := strings.Count("\n"+own, "\n  - {id: ")
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range []string{"strings", "bytes", "os", "net/http", "io", "strconv", "path/filepath", "sort", "sync/atomic", "encoding/json", "bufio", "net/url"} {
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

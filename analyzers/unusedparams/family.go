package unusedparams

import (
	"go/ast"
	"go/types"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/signature"
)

// familySize is how many functions with one parameter list are no coincidence.
// Two may be a helper that was copied and changed.
const familySize = 3

// families knows which functions of a package take the same parameters, by name
// and type, and give the same results: one for each architecture, each kind of
// test table, each operation. No type says that they belong together, but whoever
// calls one of them calls the others alike.
type families struct {
	members func() map[string][]*types.Signature
	fns     *signature.Functions
}

func newFamilies(pass *analysis.Pass, fns *signature.Functions) *families {
	return &families{fns: fns, members: sync.OnceValue(func() map[string][]*types.Signature {
		members := make(map[string][]*types.Signature)
		for _, file := range pass.Files {
			for _, decl := range file.Decls {
				decl, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					key := shapeOf(fn.Signature())
					members[key] = append(members[key], fn.Signature())
				}
			}
		}
		return members
	})}
}

// shapeOf writes out parameters, with their names, and results. The receiver is
// left out: a family of methods may have one type each.
func shapeOf(sig *types.Signature) string {
	return types.TypeString(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()), nil)
}

// uses reports whether fn belongs to a family of which another function uses the
// i'th parameter.
func (f *families) uses(fn *signature.Function, i int) bool {
	members := f.members()[shapeOf(fn.Signature())]
	if len(members) < familySize || common(fn.Signature()) {
		return false
	}
	for _, sig := range members {
		if sig != fn.Signature() && f.fns.Mentioned(sig.Params().At(i)) {
			return true
		}
	}
	return false
}

// common reports whether unrelated functions may well have the same parameters:
// one or two of basic types, as in func(n int).
func common(sig *types.Signature) bool {
	if sig.Params().Len() > 2 {
		return false
	}
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			if _, basic := types.Unalias(v.Type()).(*types.Basic); !basic {
				return false
			}
		}
	}
	return true
}

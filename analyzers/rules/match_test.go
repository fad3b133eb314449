package rules

import (
	"go/token"
	"go/types"
	"testing"
)

func TestFullNamesOfTestVariant(t *testing.T) {
	pkg := types.NewPackage("a/p [a/p.test]", "p")
	fn := types.NewFunc(token.NoPos, pkg, "F", types.NewSignatureType(nil, nil, nil, nil, nil, false))
	if got := fullNames(fn)[0]; got != "a/p.F" {
		t.Errorf("got %q", got)
	}
}

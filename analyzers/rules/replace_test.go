package rules_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// TestReplace is about scopes, messages and fixes; what patterns match is tested
// where they are.
func TestReplace(t *testing.T) {
	p := &policy.Policy{Rules: []policy.Rule{
		{ID: "contains", Replace: &policy.Replace{From: "strings.Index($s, $sub) >= 0", To: "strings.Contains($s, $sub)"}},
		{ID: "errorf", Message: "say it once", Replace: &policy.Replace{From: "errors.New(fmt.Sprintf($f, $*args))", To: "fmt.Errorf($f, $*args)"}},
		{ID: "exit", ForbidCall: []string{"os.Exit"}, Fix: "syscall.Exit"},
		{ID: "code", Replace: &policy.Replace{From: "os.Exit($code)", Where: map[string]string{"code": "constant"}},
			Scope: policy.Scope{Tests: policy.Only}},
		{ID: "elsewhere", Replace: &policy.Replace{From: "strings.Index($_, $_)"}, Scope: policy.Scope{In: []string{"app/..."}}},
	}}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), rules.New(p), "replace")
}

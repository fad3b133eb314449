package goplsconfig

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestTemplateIsDefaultPolicy(t *testing.T) {
	api := testAPI(t)
	s, err := Load(write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	want, err := s.Resolve(Options{API: api})
	if err != nil {
		t.Fatal(err)
	}
	got := resolve(t, string(Template(api, SchemaURL)), true)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Resolved{}), cmpopts.IgnoreFields(Resolved{}, "File", "Root")); diff != "" {
		t.Errorf("policy (-default +template):\n%s", diff)
	}
}

// TestTemplateExamples checks that the examples work once they are no
// comments any more.
func TestTemplateExamples(t *testing.T) {
	text := string(Template(&API{}, SchemaURL))
	text = regexp.MustCompile(`(?m)^(  )?# (  )?( *)(extends|warm|vet|local|gofumpt|buildFlags|enable|disable|severity|plugins|- |message:|forbid-call|except|ok:|bad:|layer:|  components|  must-not|replace:)`).
		ReplaceAllString(text, "$1$2$3$4")
	text = strings.Replace(text, "extends: [../policy/hearth.yaml]", "", 1) // not there
	s := load(t, text)
	if err := s.Check(nil); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	r, err := s.Resolve(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Plugins()) != 1 || len(r.Policy.Rules) != 3 || r.Gopls["gofumpt"] != true || r.Policy.Analyzers["shadow"].Severity != "error" {
		t.Errorf("examples are missing from\n%s", text)
	}
}

func TestSchema(t *testing.T) {
	var schema struct {
		Definitions map[string]any
		Properties  map[string]struct {
			Properties map[string]map[string]any
		}
	}
	if err := json.Unmarshal(Schema(testAPI(t)), &schema); err != nil {
		t.Fatal(err)
	}
	for _, key := range topKeys {
		if _, ok := schema.Properties[key]; !ok {
			t.Errorf("the schema lacks %q", key)
		}
	}
	settings := schema.Properties["gopls"].Properties
	want := map[string]any{
		"anyOf":       []any{map[string]any{"type": "boolean"}, map[string]any{"type": "null"}},
		"default":     false,
		"description": "The setting gofumpt.",
	}
	if diff := cmp.Diff(want, settings["gofumpt"]); diff != "" {
		t.Errorf("gofumpt (-want +got):\n%s", diff)
	}
	if settings["memoryMode"] != nil {
		t.Error("the schema offers a retired setting")
	}
	if s, _ := json.Marshal(settings["linksInHover"]); !strings.Contains(string(s), `"enum":[false,true,"gopls"]`) {
		t.Errorf("linksInHover: %s", s)
	}
	if s, _ := json.Marshal(schema.Definitions["analyzer"]); !strings.Contains(string(s), `"all","vet","fix","staticcheck","hearth","QF1002"`) {
		t.Errorf("analyzer: %s", s)
	}
}

package goplsconfig

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// problemLines returns the problems of a file, without its path.
func problemLines(t *testing.T, err error, dir string) string {
	t.Helper()
	ps, ok := errors.AsType[Problems](err)
	if err != nil && !ok {
		t.Fatalf("not Problems but %T: %v", err, err)
	}
	return strings.ReplaceAll(ps.Error(), dir+string(filepath.Separator), "")
}

func TestCheck(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"fine", "version: 1\ngopls: {gofumpt: true, hoverKind: singleline, linksInHover: gopls, matcher: Fuzzy}", ""},
		{"version", "version: 2", `hearth.yaml:1:10: version must be 1, not the number 2 (write version: 1, or install a newer hearth)`},
		{"top key", "analyser: {}", `hearth.yaml:1:1: "analyser" is no key of a policy file (did you mean "analyzers"?)`},
		{"nested key", "vet: {test: true}", `hearth.yaml:1:7: "test" is no key of vet (did you mean "tests"?)`},
		{"key twice", "vet: {tests: true, tests: false}", `hearth.yaml:1:20: "tests" is here a second time; first on line 1 (keep one of them)`},
		{"setting twice", "gopls:\n  gofumpt: true\n  gofumpt: true", `hearth.yaml:3:3: "gofumpt" is here a second time; first on line 2 (keep one of them)`},
		{"nested setting twice", "gopls: {env: {A: a, A: b}}", `hearth.yaml:1:21: "A" is here a second time; first on line 1 (keep one of them)`},
		{"unknown setting", "gopls: {gofumt: true}", `hearth.yaml:1:9: gopls has no setting "gofumt" (did you mean "gofumpt"?)`},
		{"case of a setting", "gopls: {STATICCHECK: true}", `hearth.yaml:1:9: gopls has no setting "STATICCHECK" (did you mean "staticcheck"?)`},
		{"internal field", "gopls: {staticcheckProvided: true}", `hearth.yaml:1:9: gopls has no setting "staticcheckProvided"`},
		{"retired", "gopls: {experimentalWorkspaceModule: true}", `hearth.yaml:1:9: gopls no longer obeys the setting "experimentalWorkspaceModule" (remove it and use a go.work file)`},
		{"retired but described", "gopls: {memoryMode: x}", `hearth.yaml:1:9: gopls no longer obeys the setting "memoryMode" (remove it; gopls keeps its index on disk, and hearth bounds its memory)`},
		{"long", "gopls: {ui.diagnostic.staticcheck: true}", `hearth.yaml:1:9: settings are written without prefix, not as "ui.diagnostic.staticcheck" (write staticcheck)`},
		{"long and short", "gopls:\n  ui.diagnostic.staticcheck: true\n  staticcheck: true", `hearth.yaml:2:3: "ui.diagnostic.staticcheck" sets the same as "staticcheck" on line 3 (keep one, as staticcheck)`},
		{"nested prefix", "gopls: {ui: {diagnostic: {staticcheck: true}}}", `hearth.yaml:1:9: gopls has no setting "ui" (write the settings below it directly under gopls)`},
		{"analyzer as setting", "gopls: {shadow: true}", `hearth.yaml:1:9: gopls has no setting "shadow" (it is an analyzer; write analyzers: {enable: [shadow]})`},
		{"bool", "gopls: {gofumpt: yes}", `hearth.yaml:1:18: gopls.gofumpt must be true or false, not the text "yes" (write true)`},
		{"string", "gopls: {local: 1}", `hearth.yaml:1:16: gopls.local must be text, not the number 1 (write "1")`},
		{"int", "gopls: {maxFileCacheBytes: 5GB}", `hearth.yaml:1:28: gopls.maxFileCacheBytes must be a whole number, not the text "5GB"`},
		{"duration", "gopls: {completionBudget: 100}", `hearth.yaml:1:27: gopls.completionBudget must be a duration, not the number 100 (write it as "100ms" or "2s")`},
		{"enum", "gopls: {hoverKind: Single}", `hearth.yaml:1:20: gopls.hoverKind cannot be the text "Single" (write FullDocumentation, NoDocumentation, SingleLine, Structured, SynopsisDocumentation)`},
		{"list", "gopls: {buildFlags: -tags=x}", `hearth.yaml:1:21: gopls.buildFlags must be a list, not the text "-tags=x" (write ["-tags=x"])`},
		{"filter", "gopls: {directoryFilters: [vendor]}", `hearth.yaml:1:28: a directory filter starts with + or -, unlike "vendor" (write "-vendor" to leave the folder out)`},
		{"map", "gopls: {env: [A=b]}", `hearth.yaml:1:14: gopls.env must be a mapping, not a list`},
		{"env", "gopls: {env: {A: true, B: 1}}", `hearth.yaml:1:18: gopls.env.A must be text, not the boolean true (write "true")`},
		{"map key", "gopls: {hints: {parameternames: true}}", `hearth.yaml:1:17: gopls.hints has no key "parameternames" (did you mean "parameterNames"?)`},
		{"map value", "gopls: {hints: {parameterNames: 1}}", `hearth.yaml:1:33: gopls.hints.parameterNames must be true or false, not the number 1`},
		{"analyzer", "analyzers:\n  enable: [shadwo]", `hearth.yaml:2:12: gopls has no analyzer "shadwo" (did you mean "shadow"?)`},
		{"case of an analyzer", "analyzers: {disable: [sa4000]}", `hearth.yaml:1:23: gopls has no analyzer "sa4000" (did you mean "SA4000"?)`},
		{"analyses", "gopls: {analyses: {Shadow: true}}", `hearth.yaml:1:20: gopls has no analyzer "Shadow" (did you mean "shadow"?)`},
		{"group in analyses", "gopls: {analyses: {vet: true}}", `hearth.yaml:1:20: gopls.analyses knows no groups such as "vet" (write analyzers: {enable: [vet]})`},
		{"left out", "analyzers: {enable: [SA1019]}", `hearth.yaml:1:22: gopls has no analyzer "SA1019" (write deprecated, which reports the same)`},
		{"glob", "analyzers: {enable: ['XX*', '[']}", "hearth.yaml:1:22: no analyzer matches \"XX*\"\nhearth.yaml:1:29: \"[\" is no valid pattern (a pattern is text with * and ?)"},
		{"severity", "analyzers: {severity: {shadow: info}}", `hearth.yaml:1:32: the severity of shadow is "info", which is no severity (did you mean "information"?)`},
		{"severity of nothing", "analyzers: {severity: {shadwo: error}}", `hearth.yaml:1:24: gopls has no analyzer "shadwo" (did you mean "shadow"?)`},
		{"matrix", "vet: {matrix: [{goos: windos}]}", `hearth.yaml:1:16: a build of vet.matrix: Go knows no GOOS "windos" (did you mean "windows"?)`},
		{"tags of a matrix", "vet: {matrix: [{tags: 'a,b'}]}", `hearth.yaml:1:23: the tag "a,b" is more than one word (write a list: tags: [a, b])`},
		{"fail-on", "vet: {fail-on: never}", `hearth.yaml:1:16: vet.fail-on is "never", which is no severity (write error, warning, information, hint)`},
		{"cache key", "cache: {remot: x}", `hearth.yaml:1:9: "remot" is no key of cache (did you mean "remote"?)`},
		{"cache taken back", "cache: {remote: null}", ""},
		{"cache list", "cache: {remote: [x]}", `hearth.yaml:1:17: cache.remote must be text, not a list`},
		{"cache without scheme", "cache: {remote: 'cache:31364'}", `hearth.yaml:1:17: cache.remote: "cache:31364" is no http or https URL (write it as http://cache.example:31364)`},
		{"cache with password", "cache: {remote: 'http://a:b@cache'}", `hearth.yaml:1:17: cache.remote: the URL of cache holds a password (put the token in HEARTH_CACHE_TOKEN; a policy is no place for it)`},
		{"cache with query", "cache: {remote: 'https://cache/?a=b'}", `hearth.yaml:1:17: cache.remote: "https://cache/?a=b" has more than a host and a path (write it as https://cache)`},
		{"rule", "rules:\n  - message: no\n    forbid-import: unsafe\n  - id: a\n  - id: a", "hearth.yaml:2:5: a rule without id (write id: and a short name; it is shown with each finding)\n" +
			"hearth.yaml:4:5: rule \"a\" has no message (write message: and what to do instead)\n" +
			"hearth.yaml:4:5: rule \"a\" says nothing (add one of forbid-import, layer, forbid-call, forbid-type, forbid-field, forbid-construct, require-arg, require-first-param, replace)\n" +
			"hearth.yaml:5:5: rule \"a\" is here a second time; first on line 4 (give each rule its own id)"},
		{"rule of two kinds", "rules: [{id: a, message: b, forbid-import: c, forbid-call: d.E}]", `hearth.yaml:1:47: rule "a" has forbid-import and forbid-call (make it two rules)`},
		{"pattern", "rules: [{id: a, message: b, forbid-import: c, in: ../x}]", `hearth.yaml:1:51: pattern "../x" leaves the folder of its policy file (write the package path in full)`},
		{"plugin", "analyzers:\n  plugins:\n    - import: example.com/a", `hearth.yaml:3:7: plugin "example.com/a" has no version (add version: v1.2.3, or path: with the folder of its module)`},
		{"plugin version", "analyzers: {plugins: [{import: example.com/a, version: latest}]}", `hearth.yaml:1:23: plugin "example.com/a" has version "latest", which is no version (write it as v1.2.3, so that everybody builds the same)`},
		{"module", "extends: [{module: example.com/a, version: v1.0.0}, {module: example.com/a, version: v1.0.0, file: a/strict.yaml}]", ""},
		{"module without path", "extends: [{version: v1.0.0}]", `hearth.yaml:1:11: a module to extend without module (write module: and the path of the module, as in its go.mod)`},
		{"module path", "extends: [{module: ./a, version: v1.0.0}]", `hearth.yaml:1:20: "./a" is no module path (write the path of the module, as in its go.mod)`},
		{"module without version", "extends: [{module: example.com/a}]", `hearth.yaml:1:11: the module "example.com/a" to extend has no version (add version: v1.2.3, so that everybody has the same)`},
		{"module version", "extends: [{module: example.com/a, version: latest}]", `hearth.yaml:1:44: "latest" is no exact version of the module "example.com/a" (write it in full, such as v1.2.3, so that everybody has the same; "go list -m example.com/a@latest" tells the newest)`},
		{"module version in short", "extends: [{module: example.com/a, version: v1.4}]", `hearth.yaml:1:44: "v1.4" is no exact version of the module "example.com/a" (write it in full, such as v1.2.3, so that everybody has the same; "go list -m example.com/a@latest" tells the newest)`},
		{"module of another major version", "extends: [{module: example.com/a, version: v2.0.0}]", `hearth.yaml:1:44: the module "example.com/a" has no version "v2.0.0" (the path of a module ends in the major version from v2 on, as in /v2)`},
		{"file of a module", "extends: [{module: example.com/a, version: v1.0.0, file: ../a.yaml}]", `hearth.yaml:1:58: "../a.yaml" is no file of the module (write its path from the root of the module)`},
		{"key of a module", "extends: [{modul: example.com/a, version: v1.0.0}]", `hearth.yaml:1:12: "modul" is no key of a module to extend (did you mean "module"?)`},
		{"exception", "suppress:\n  exceptions:\n    - analyzers: [shadwo, shadow, 'SA*', staticcheck]\n      reason: old\n      owner: me\n      expires: 2027-02-30", "hearth.yaml:3:19: gopls has no analyzer \"shadwo\" (did you mean \"shadow\"?)\n" +
			`hearth.yaml:6:16: expires is "2027-02-30", which is no day (write its last day as 2006-01-02, or never)`},
		{"exception of a rule", "rules: [{id: a, message: b, forbid-import: c}]\nsuppress: {exceptions: [{analyzers: a, reason: b, owner: c, expires: never}]}", ""},
		{"exception without owner", "suppress: {exceptions: [{analyzers: shadow, reason: old}]}", `hearth.yaml:1:25: an exception without owner, expires (somebody has to answer for it until a day, or expires: never)`},
		{"exception for nothing", "suppress: {exceptions: [{analyzers: [], reason: b, owner: c, expires: never}]}", `hearth.yaml:1:26: an exception for no analyzer (name what it is for; all stands for everything)`},
		{"rule named as an analyzer", "rules: [{id: shadow, message: b, forbid-import: c}]", `hearth.yaml:1:10: rule "shadow" has the name of an analyzer (choose another id; comments and exceptions name either by it)`},
		{"exception in files", "suppress: {exceptions: [{analyzers: shadow, reason: b, owner: c, expires: never, files: ['[', a/b.go]}]}", "hearth.yaml:1:90: \"[\" is no valid pattern (a pattern is text with * and ?)\n" +
			`hearth.yaml:1:95: "a/b.go" has a folder; files are matched by their own name (name the folder by in:)`},
		{"suppress", "suppress: {inline: no, reason: true}", "hearth.yaml:1:20: suppress.inline must be true or false, not the text \"no\" (write false)\n" +
			`hearth.yaml:1:24: "reason" is no key of suppress (its keys are inline, require-reason, exceptions)`},
		{"shadow-ignore", "analyzers: {shadow-ignore: [ctx, a.b]}", `hearth.yaml:1:34: "a.b" is no name of a variable`},
		{"alias", "vet: &v {tests: true}\nwarm: *v", "hearth.yaml:1:6: YAML anchors are not supported (put text that starts with & in quotes)\n" +
			"hearth.yaml:2:7: YAML aliases are not supported (write the value out; put text that starts with * in quotes)\n" +
			"hearth.yaml:2:7: warm must be a mapping, not an alias"},
		{"not a mapping", "- a", `hearth.yaml:1:1: a policy file must be a mapping, not a list`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := load(t, test.yaml)
			got := problemLines(t, s.Check(testAPI(t)), s.Root)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"tab", "gopls:\n\tgofumpt: true\n", "hearth.yaml:2:2: not valid YAML: a character that cannot start a value (indent by spaces, not tabs; put text that starts with @, ` or % in quotes)"},
		{"colon", "gopls: a: b\n", "hearth.yaml:1:1: not valid YAML: a \": \" where no new key can start (check the indentation, or put the text in quotes)"},
		{"star", "analyzers:\n  enable: [*]\n", "hearth.yaml:2:3: not valid YAML: a * or & that names nothing (put text that starts with * in quotes)"},
		{"bracket", "version: 1\nextends: [a\n", "hearth.yaml:2:1: not valid YAML: a bracket that is never closed"},
		{"key", "version: 1\ngopls:\n  a: 1\n b: 2\n", "hearth.yaml:4:2: not valid YAML: a line that belongs to no key (check the indentation)"},
		{"two documents", "version: 1\n---\nversion: 1\n", "hearth.yaml:2:1: a second YAML document (keep one; remove the line ---)"},
		{"bytes", "version: \"\xff\"\n", "hearth.yaml:1:1: not valid YAML: text that is not UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{FileName: test.yaml})
			_, err := Load(dir)
			if diff := cmp.Diff(test.want, problemLines(t, err, dir)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExtendsErrors(t *testing.T) {
	for _, test := range []struct {
		name, want string
		files      map[string]string
	}{
		{"missing", `hearth.yaml:1:11: there is no file "a.yaml" to extend (the path is relative to this file)`,
			map[string]string{FileName: "extends: [a.yaml]"}},
		{"device", `hearth.yaml:1:11: cannot read "/dev/zero": not a regular file of at most 1 MB`,
			map[string]string{FileName: "extends: [/dev/zero]"}},
		{"folder", `hearth.yaml:1:11: cannot read "sub": not a regular file of at most 1 MB`,
			map[string]string{FileName: "extends: [sub]", "sub/x": ""}},
		{"itself", `hearth.yaml:1:11: hearth.yaml extends itself: hearth.yaml -> hearth.yaml (remove one of them)`,
			map[string]string{FileName: "extends: [./hearth.yaml]"}},
		{"cycle", `sub/b.yaml:1:11: hearth.yaml extends itself: hearth.yaml -> b.yaml -> hearth.yaml (remove one of them)`,
			map[string]string{FileName: "extends: [sub/b.yaml]", "sub/b.yaml": "extends: [../hearth.yaml]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, test.files)
			_, err := Load(dir)
			if diff := cmp.Diff(test.want, problemLines(t, err, dir)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	const plugin = "analyzers: {plugins: [{import: example.com/a, version: v1.0.0}], enable: [%s]}\n"
	for _, test := range []struct {
		name, yaml, warn, fail string
		trusted                bool
	}{
		{"deprecated", "gopls: {noSemanticString: true}", `the setting "noSemanticString" is deprecated`, "", false},
		{"both", "analyzers: {enable: [printf], disable: [printf]}", `"printf" is enabled and disabled`, "", false},
		{"maybe of a plugin", strings.ReplaceAll(plugin, "%s", "ctxfirst"), `gopls has no analyzer "ctxfirst"`, "", false},
		{"surely not of a plugin", strings.ReplaceAll(plugin, "%s", "Shadow"), "", `gopls has no analyzer "Shadow"`, false},
		{"plugin is there", strings.ReplaceAll(plugin, "%s", "ctxfirst"), "", `gopls has no analyzer "ctxfirst"`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := load(t, test.yaml).Resolve(Options{API: testAPI(t), Trusted: test.trusted})
			if test.fail != "" {
				if err == nil || !strings.Contains(err.Error(), test.fail) {
					t.Fatalf("got error %v, want %s", err, test.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Warnings) != 1 || r.Warnings[0].Message != test.warn {
				t.Errorf("got warnings %v, want %s", r.Warnings, test.warn)
			}
		})
	}
}

package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// caps returns parameters with capabilities of textDocument and no others.
func caps(textDocument string) string {
	return `{"capabilities": {"textDocument": {` + textDocument + `}}}`
}

func TestKeyEqual(t *testing.T) {
	for name, params := range map[string][]string{
		"nothing": {
			`{}`, `null`,
			`{"processId": 1, "trace": "off", "locale": "de", "workDoneToken": "1", "rootPath": "/w"}`,
			`{"clientInfo": null, "capabilities": null, "initializationOptions": null, "rootUri": null, "workspaceFolders": null}`,
			`{"clientInfo": {"name": "Neovim", "version": "0.11"}, "capabilities": {}, "initializationOptions": {}, "workspaceFolders": []}`,
			`{"capabilities": {"workspace": {"applyEdit": true, "codeLens": {"refreshSupport": true}}, "general": {"positionEncodings": ["utf-8"]}}}`,
			`{"capabilities": {"workspace": {"configuration": false, "didChangeWatchedFiles": {"dynamicRegistration": false}}, "window": {"showDocument": null}}}`,
			`{"capabilities": {"experimental": {"hover": true, "progressMessageStyles": [], "interactiveResolve": {"inputTypes": [1]}}}}`,
			`{"capabilities": {"experimental": {"ProgressMessageStyles": ["log"]}}}`, // a map: case matters
			`{"capabilities": {"workspace": {"workspaceEdit": {"resourceOperations": ["create", "delete"]}}}}`,
			caps(`"hover": {"contentFormat": []}`),
			caps(`"hover": {"contentFormat": ["markdown"]}`), // the default
			caps(`"semanticTokens": {"tokenTypes": [], "requests": {"full": true}, "formats": ["relative"]}`),
			caps(`"codeAction": {"dataSupport": true}`),
			caps(`"codeAction": {"resolveSupport": {"properties": ["edit"]}}`),
			caps(`"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["command"]}}`),
			caps(`"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}`),
			caps(`"completion": {"completionItem": {"tagSupport": {"valueSet": null}}}`),
		},
		"VS Code": {
			`{"clientInfo": {"name": "Visual Studio Code"}}`,
			`{"clientInfo": {"name": "Visual Studio Code - Insiders", "version": "1"}}`,
		},
		"folder": {
			`{"rootUri": "file:///w"}`,
			`{"workspaceFolders": [{"uri": "file:///w", "name": "w"}]}`,
			`{"workspaceFolders": [{"uri": "file:///%77", "name": "other"}], "rootUri": "file:///elsewhere"}`,
		},
		"options": {
			`{"initializationOptions": {"a": {"x": 1, "y": [1, 2]}, "b": null}}`,
			`{"InitializationOptions": {"b": null, "a": {"y": [1, 2], "x": 1.0}}}`,
		},
		"code action kinds": {
			caps(`"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}}}`),
			caps(`"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor"]}}}`),
		},
		"code action edits": {
			caps(`"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}`),
			caps(`"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["command", "edit"]}}`),
		},
		"hover": {
			caps(`"hover": {"contentFormat": ["plaintext"]}`),
			caps(`"hover": {"contentFormat": ["plaintext", "markdown"]}`),
		},
		"completion tags": {
			caps(`"completion": {"completionItem": {"tagSupport": {"valueSet": [1]}}}`),
			caps(`"completion": {"completionItem": {"tagSupport": {"valueSet": []}, "deprecatedSupport": true}}`),
		},
		"tokens": {
			caps(`"semanticTokens": {"tokenTypes": ["type", "function"]}`),
			caps(`"semanticTokens": {"tokenTypes": ["function", "type", "function"]}`),
		},
		"styles": {
			`{"capabilities": {"experimental": {"progressMessageStyles": ["dialog", "log"]}}}`,
			`{"capabilities": {"experimental": {"progressMessageStyles": ["log", "dialog"]}}}`,
		},
		"renames": {
			`{"capabilities": {"workspace": {"workspaceEdit": {"resourceOperations": ["rename"]}}}}`,
			`{"capabilities": {"workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename"]}}}}`,
		},
	} {
		for _, other := range params[1:] {
			if want, got := normal(t, params[0]), normal(t, other); got != want {
				t.Errorf("%s: %s\nis %s\nwant %s", name, other, got, want)
			}
		}
	}
}

// TestKeyDistinct checks that no two of these are mixed up.
func TestKeyDistinct(t *testing.T) {
	seen := make(map[string]string)
	all := []string{
		`{}`,
		`{"clientInfo": {"name": "Visual Studio Code"}}`,
		`{"rootUri": "file:///w"}`,
		`{"rootUri": "file:///W"}`,
		`{"rootUri": "file:///w/"}`,
		`{"rootUri": "file://localhost/w"}`,
		`{"workspaceFolders": [{"uri": "file:///a"}, {"uri": "file:///b"}]}`,
		`{"workspaceFolders": [{"uri": "file:///b"}, {"uri": "file:///a"}]}`,
		`{"initializationOptions": []}`,
		`{"initializationOptions": {"staticcheck": true}}`,
		`{"initializationOptions": {"staticcheck": false}}`,
		`{"initializationOptions": {"Staticcheck": true}}`,
		`{"initializationOptions": {"env": {}}}`,
		`{"initializationOptions": {"buildFlags": ["-a", "-b"]}}`,
		`{"initializationOptions": {"buildFlags": ["-b", "-a"]}}`,
		`{"capabilities": {"window": {"workDoneProgress": true}}}`,
		`{"capabilities": {"window": {"showDocument": {"support": true}}}}`,
		`{"capabilities": {"workspace": {"configuration": true}}}`,
		`{"capabilities": {"workspace": {"didChangeConfiguration": {"dynamicRegistration": true}}}}`,
		`{"capabilities": {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}}`,
		`{"capabilities": {"workspace": {"didChangeWatchedFiles": {"relativePatternSupport": true}}}}`,
		`{"capabilities": {"workspace": {"workspaceEdit": {"resourceOperations": ["rename"]}}}}`,
		`{"capabilities": {"experimental": {"progressMessageStyles": ["log"]}}}`,
		`{"capabilities": {"experimental": {"interactiveResolve": {"inputTypes": ["string"]}}}}`,
		caps(`"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}`),
		caps(`"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}`),
		caps(`"completion": {"completionItem": {"deprecatedSupport": true}}`),
		caps(`"completion": {"completionItem": {"tagSupport": {"valueSet": []}}}`),
		caps(`"completion": {"completionItem": {"snippetSupport": true}}`),
		caps(`"completion": {"completionItem": {"insertReplaceSupport": true}}`),
		caps(`"completion": {"completionItem": {"labelDetailsSupport": true}}`),
		caps(`"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}`),
		caps(`"foldingRange": {"lineFoldingOnly": true}`),
		caps(`"hover": {"contentFormat": ["plaintext", "markdown"]}`),
		caps(`"publishDiagnostics": {"relatedInformation": true}`),
		caps(`"rename": {"prepareSupport": true}`),
		caps(`"semanticTokens": {"tokenTypes": ["type"]}`),
		caps(`"semanticTokens": {"tokenModifiers": ["type"]}`),
		caps(`"semanticTokens": {"dynamicRegistration": true}`),
	}
	for _, params := range all {
		key, err := Key(json.RawMessage(params))
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[key]; ok {
			t.Errorf("%s has the key of %s", params, other)
		}
		seen[key] = params
	}
	// Every entry of the table changes a key here; rootUri does as a folder.
	for _, path := range entries() {
		if path != "rootUri" && !slices.ContainsFunc(all, func(params string) bool {
			return strings.Contains(normal(t, params), `"`+path[strings.LastIndex(path, ".")+1:]+`"`)
		}) {
			t.Errorf("no pair of parameters here differs in %s", path)
		}
	}
}

func TestKeyErrors(t *testing.T) {
	for _, params := range []string{``, `[]`, `{`, `{"capabilities": {"workspace": {"configuration": "yes"}}}`,
		`{"capabilities": {"experimental": {"progressMessageStyles": ["log", 1]}}}`} {
		if key, err := Key(json.RawMessage(params)); err == nil {
			t.Errorf("%s: key %s, want an error", params, key)
		}
	}
}

func TestKeyBuiltin(t *testing.T) {
	keys := make(map[string]string)
	for _, editor := range []string{"vscode", "neovim", "vim-ale", "vim-lsp"} {
		key, err := Key(Builtin(editor).Initialize("/w", nil))
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Key(Builtin(editor).Initialize("/w", map[string]any{})); again != key {
			t.Errorf("%s: another key with no options", editor)
		}
		if other, _ := Key(Builtin(editor).Initialize("/other", nil)); other == key {
			t.Errorf("%s: one key for two folders", editor)
		}
		if other, ok := keys[key]; ok {
			t.Errorf("%s has the key of %s", editor, other)
		}
		keys[key] = editor
	}
}

func normal(t *testing.T, params string) string {
	t.Helper()
	data, err := Normal(json.RawMessage(params))
	if err != nil {
		t.Fatalf("%s: %v", params, err)
	}
	return string(data)
}

func FuzzKey(f *testing.F) {
	for _, editor := range []string{"vscode", "neovim", "vim-ale", "vim-lsp"} {
		f.Add([]byte(Builtin(editor).Initialize("/w", map[string]any{"staticcheck": true})))
	}
	f.Add([]byte(`{"capabilities": {"experimental": {"progressMessageStyles": ["b", "a"], "interactiveResolve": {"inputTypes": ["x"]}}}}`))
	f.Add([]byte(`{"rootUri": "file:///%2525", "capabilities": {"textDocument": {"completion": {"completionItem": {"tagSupport": {"valueSet": []}}}}}}`))
	f.Fuzz(func(t *testing.T, params []byte) {
		form, err := Normal(params)
		if err != nil {
			return
		}
		if again, err := Normal(form); err != nil || !bytes.Equal(again, form) {
			t.Errorf("the normal form of %s is %s, %v", form, again, err)
		}
		backwards, err := reversed(params)
		if err != nil {
			return // two members of one name: there the order matters
		}
		if got, err := Normal(backwards); err != nil || !bytes.Equal(got, form) {
			t.Errorf("in another order: %s, %v; want %s", got, err, form)
		}
	})
}

// reversed returns a value with the members of its objects in reverse order.
func reversed(value json.RawMessage) (json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(value))
	open, err := dec.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := open.(json.Delim)
	if !ok {
		return value, nil
	}
	var parts []string
	names := make(map[string]bool)
	for dec.More() {
		var part string
		if delim == '{' {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			folded := strings.ToLower(strings.ToUpper(name.(string)))
			if names[folded] {
				return nil, fmt.Errorf("two members %q", folded)
			}
			names[folded] = true
			quoted, _ := json.Marshal(name)
			part = string(quoted) + ":"
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, err
		}
		if raw, err = reversed(raw); err != nil {
			return nil, err
		}
		parts = append(parts, part+string(raw))
	}
	if delim == '[' {
		return json.RawMessage("[" + strings.Join(parts, ",") + "]"), nil
	}
	slices.Reverse(parts)
	return json.RawMessage("{" + strings.Join(parts, ",") + "}"), nil
}

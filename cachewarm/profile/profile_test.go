package profile

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecord(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	params := `{"processId": 7, "rootUri": "file:///w", "trace": "off", "clientInfo": {"name": "Visual Studio Code"},
		"capabilities": {"textDocument": {"publishDiagnostics": {"relatedInformation": true}}},
		"initializationOptions": {"hoverKind": "Structured"}}`
	for range 2 {
		if err := Record("/w", json.RawMessage(params), nil); err != nil {
			t.Fatal(err)
		}
	}
	list, err := ForWorkspace("/w/")
	if err != nil || len(list) != 1 {
		t.Fatalf("ForWorkspace: %d profiles, %v; want 1", len(list), err)
	}
	p := list[0]
	if p.Editor != "Visual Studio Code" || !p.RelatedInformation() || p.Settings()["hoverKind"] != "Structured" {
		t.Errorf("recorded %+v", p)
	}
	for _, name := range volatile {
		if _, ok := p.Params[name]; ok {
			t.Errorf("%s was recorded", name)
		}
	}
	if other, err := ForWorkspace("/elsewhere"); err != nil || len(other) != 0 {
		t.Errorf("ForWorkspace of another folder: %v, %v", other, err)
	}
}

func TestBuiltin(t *testing.T) {
	editors := []string{"emacs-eglot", "emacs-lsp-mode", "neovim", "vim-ale", "vim-lsp", "vscode"}
	if diff := cmp.Diff(editors, Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for _, editor := range editors {
		var params struct {
			RootURI               string
			InitializationOptions map[string]any
		}
		data := Builtin(editor).Initialize("/w", map[string]any{"staticcheck": true})
		if err := json.Unmarshal(data, &params); err != nil {
			t.Fatal(err)
		}
		if params.RootURI != "file:///w" || params.InitializationOptions["staticcheck"] != true {
			t.Errorf("%s: %s", editor, data)
		}
	}
}

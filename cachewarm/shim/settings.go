package shim

import (
	"encoding/json"

	"github.com/gohearth/hearth/internal/lsp"
)

// rewriteInitialize returns the parameters of an initialize request with the
// settings in them rewritten. All else stays as the editor wrote it.
func rewriteInitialize(params json.RawMessage, settings func(map[string]any) map[string]any) (json.RawMessage, error) {
	if settings == nil {
		return params, nil
	}
	options, err := json.Marshal(settings(object(lsp.Member(params, "initializationOptions"))))
	if err != nil {
		return params, err
	}
	rewritten, err := lsp.SetMember(params, "initializationOptions", options)
	if err != nil {
		return params, err
	}
	return rewritten, nil
}

// rewriteConfiguration returns the editor's answer to workspace/configuration
// with gopls's settings rewritten, also where the editor has none.
func rewriteConfiguration(params, result json.RawMessage, settings func(map[string]any) map[string]any) (json.RawMessage, error) {
	var p lsp.ConfigurationParams
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, err
	}
	var results []json.RawMessage
	if err := json.Unmarshal(result, &results); err != nil {
		results = nil // "{}", from an editor that does not know the request
	}
	for len(results) < len(p.Items) {
		results = append(results, json.RawMessage("null"))
	}
	for i, item := range p.Items {
		switch item.Section {
		case "gopls":
			rewritten, err := json.Marshal(settings(object(results[i])))
			if err != nil {
				return nil, err
			}
			results[i] = rewritten
		case "": // everything there is
			member := lsp.Member(results[i], "gopls")
			if len(member) == 0 || member[0] != '{' {
				continue
			}
			rewritten, err := json.Marshal(settings(object(member)))
			if err != nil {
				return nil, err
			}
			if results[i], err = lsp.SetMember(results[i], "gopls", rewritten); err != nil {
				return nil, err
			}
		}
	}
	return json.Marshal(results)
}

// object decodes a JSON object; anything else is an empty one.
func object(data json.RawMessage) map[string]any {
	var m map[string]any
	if json.Unmarshal(data, &m) != nil || m == nil {
		m = make(map[string]any)
	}
	return m
}

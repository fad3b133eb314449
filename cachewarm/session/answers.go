package session

import (
	"encoding/json"
	"maps"

	"github.com/gohearth/hearth/internal/lsp"
)

// Answers are an editor's to workspace/configuration, by what was asked.
type Answers map[lsp.ConfigurationItem]json.RawMessage

func (a Answers) clone() Answers {
	if a == nil {
		return make(Answers)
	}
	return maps.Clone(a)
}

// record keeps the results that belong to the items of a request.
func (a Answers) record(params, results json.RawMessage) {
	var p lsp.ConfigurationParams
	if json.Unmarshal(params, &p) != nil {
		return
	}
	for i, result := range elements(results) {
		if i < len(p.Items) {
			a[p.Items[i]] = result
		}
	}
}

// answer answers a request as the editor did. An item that it was never asked
// for gets its answer for the section, whatever the scope.
func (a Answers) answer(params json.RawMessage) []json.RawMessage {
	var p lsp.ConfigurationParams
	_ = json.Unmarshal(params, &p) // gopls wrote it
	results := make([]json.RawMessage, len(p.Items))
	for i, item := range p.Items {
		results[i] = a.section(item)
	}
	return results
}

func (a Answers) section(item lsp.ConfigurationItem) json.RawMessage {
	if result, ok := a[item]; ok {
		return result
	}
	for other, result := range a {
		if other.Section == item.Section {
			return result
		}
	}
	return json.RawMessage("null")
}

// items returns what was asked, as parameters to ask it again.
func (a Answers) items() (p lsp.ConfigurationParams) {
	for item := range a {
		p.Items = append(p.Items, item)
	}
	return p
}

// same reports whether results answer the items of p as before. The shim has
// merged the policy in and written them in canonical form.
func (a Answers) same(p lsp.ConfigurationParams, results json.RawMessage) bool {
	list := elements(results)
	for i, item := range p.Items {
		if i >= len(list) || canonical(list[i]) != canonical(a[item]) {
			return false
		}
	}
	return true
}

// covered reports whether results set all that the answers of before set.
func (a Answers) covered(p lsp.ConfigurationParams, results json.RawMessage) bool {
	list := elements(results)
	for i, item := range p.Items {
		var before, now map[string]json.RawMessage
		_ = json.Unmarshal(a[item], &before)
		if i < len(list) {
			_ = json.Unmarshal(list[i], &now)
		}
		for name := range before {
			if _, ok := now[name]; !ok {
				return false
			}
		}
	}
	return true
}

// canonical returns JSON in one of its many forms.
func canonical(data json.RawMessage) string {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return string(data)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return string(data)
	}
	return string(text)
}

package session

import (
	"bytes"
	"encoding/json"

	"github.com/gohearth/hearth/internal/lsp"
)

// An editor has no version of a file that it has not opened, and may refuse
// what is said of another one. So the versions of ghosts stay between us and
// gopls.

// unopened reports whether the editor has not opened a file.
func (s *Session) unopened(clean lsp.URI) bool {
	return s.ghosts[clean] || s.docs.Find(clean) == nil
}

// withoutVersion returns publishDiagnostics parameters as those of a closed
// file are.
func withoutVersion(params json.RawMessage) json.RawMessage {
	var p map[string]json.RawMessage
	if json.Unmarshal(params, &p) != nil {
		return params
	}
	delete(p, "version")
	data, err := json.Marshal(p)
	if err != nil {
		return params
	}
	return data
}

// ofClosed returns what contains workspace edits with those of files that the
// editor has not opened as gopls has them: of version 0. It returns nil if none
// is of another one.
func (s *Session) ofClosed(data json.RawMessage) json.RawMessage {
	if !bytes.Contains(data, []byte(`"documentChanges"`)) {
		return nil
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&v) != nil || !s.resetVersions(v) {
		return nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return data
}

// resetVersions does so wherever v says what to do with a version of a document,
// and reports whether it does.
func (s *Session) resetVersions(v any) (changed bool) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			changed = s.resetVersions(element) || changed
		}
	case map[string]any:
		if doc, ok := v["textDocument"].(map[string]any); ok {
			uri, _ := doc["uri"].(string)
			version, ok := doc["version"].(json.Number)
			if ok && version != "0" && s.unopened(lsp.URI(uri).Clean()) {
				doc["version"] = 0
				return true
			}
		}
		for _, element := range v {
			changed = s.resetVersions(element) || changed
		}
	}
	return changed
}

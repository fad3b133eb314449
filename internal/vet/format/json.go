package format

import (
	"encoding/json"
	"io"
)

// writeJSON writes the report as one JSON object.
func writeJSON(w io.Writer, in *Input) error { return encodeJSON(w, in.Report) }

func encodeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

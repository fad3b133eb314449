package grafts

import "embed"

//go:embed encodeonce
var encodeOnceFS embed.FS

var encodeOnce = &Graft{
	Name: "encodeonce",
	Doc:  "An answer is read no more once it is JSON.",
	Why: `The message that carries an answer is encoded by package encoding/json, which reads what is
JSON already again, to check and compact it, for the message and for its result. A
completion with hundreds of candidates is half a megabyte.`,
	Cost:   `None.`,
	Figure: "Kubernetes, of the processor time of completions with 731 candidates: 17 % before, 1 % after; see docs/performance.md.",
	Source: sub(encodeOnceFS, "encodeonce"),
	Edits: []Edit{{
		Package: "internal/cmd",
		Decl:    "(*Serve).Run|(*serve).Run",
		Old:     `jsonrpc2.NewHeaderStream`,
		New:     `newEncodeOnceStream`,
	}},
}

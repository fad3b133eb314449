package grafts

import "embed"

//go:embed storeonce
var storeOnceFS embed.FS

var storeOnce = &Graft{
	Name: "storeonce",
	Doc:  "What the file cache has, or what the next key makes useless, is not computed to be stored.",
	Why: `Whenever gopls has type-checked a package it computes the indexes of its references, methods
and tests and its export data, and writes them to its file cache; it never looks whether
they are there, though the key is a hash of all that they come from. Opening a file of a
package that was checked before, on any earlier day, costs as much as the check itself, in
the background, on a core that the next request needs. It does so for each key as well that
somebody types, of texts that nobody will ever ask for again.`,
	Cost: `A look into the file cache after each check. What was typed in the last second before gopls
ends is not stored.`,
	Figure: "Hertz, processor time of an edit in a row of edits: 0.46 s without it, 0.39 s with it; see docs/performance.md.",
	Source: sub(storeOnceFS, "storeonce"),
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "storePackageResults",
		New: `
	if pointless(ph) {
		return
	}`,
	}},
}

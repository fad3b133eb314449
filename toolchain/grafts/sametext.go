package grafts

import "embed"

//go:embed sametext
var sameTextFS embed.FS

var sameText = &Graft{
	Name: "sametext",
	Doc:  "Opening, saving or closing a file whose text stays the same changes no package.",
	Why: `To gopls a file that is opened is one that has changed: it forgets the key of the package and
of all that import it, in a large workspace thousands, and finds the same keys again, one by
one, for this request and for those to come.`,
	Cost:   `Without the graft retention, the types of a closed file stay until the next change to the package.`,
	Figure: "Hertz, processor time of an open: 0.47 s without it, 0.41 s with it, about what two runs differ by; see docs/performance.md.",
	Source: sub(sameTextFS, "sametext"),
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "(*Snapshot).clone",
		Old:     `for id := range filePackageIDs { directIDs[id] = directIDs[id] || invalidateMetadata }`,
		New: `
	for id := range filePackageIDs {
		if !invalidateMetadata && sameText(oldFH, newFH) && result.keepPackage(id) {
			needsDiagnosis = true // as one may have been put off until the file is saved
			continue
		}
		directIDs[id] = directIDs[id] || invalidateMetadata // may insert 'false'
	}`,
	}},
}

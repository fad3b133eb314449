// Package hearth holds the sources of what hearth compiles into gopls.
//
// The command is in cmd/hearth; see README.md.
package hearth

import "embed"

// Analyzers is the folder analyzers as it was when hearth was built. The
// toolchain lays it beside a private copy of gopls and compiles it there, so
// the passes in the editor are the passes of this very hearth: fetching the
// module by version instead would need a network and could not build an
// uncommitted change.
//
// Tests are in it, since a pattern cannot leave them out; whoever copies it
// skips *_test.go. Folders deeper than two levels, such as those of testdata, are not.
//
// It is here and not in package analyzers because that imports all passes:
// hearth lsp, which only copies their text, would start 10 ms later for the
// initialization of 250 packages.
//
//go:embed analyzers/*.go analyzers/*/*.go analyzers/*/*/*.go
var Analyzers embed.FS

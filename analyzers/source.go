package analyzers

import "embed"

// Source is this folder as it was when hearth was built. The toolchain lays it
// beside a private copy of gopls and compiles it there, so the passes in the
// editor are the passes of this very hearth: fetching the module by version
// instead would need a network and could not build an uncommitted change.
//
// Tests are in it, since a pattern cannot leave them out; whoever copies it
// skips *_test.go. Folders deeper than one level, such as testdata, are not.
//
//go:embed *.go */*.go
var Source embed.FS

package policy

import "embed"

// Source is this package as it was when hearth was built. The toolchain
// compiles it into gopls together with the analyzers, which import it.
//
// Tests are in it, since a pattern cannot leave them out; whoever copies it
// skips *_test.go.
//
//go:embed *.go
var Source embed.FS

package nocompile

import "embed"

// Source is this package as it was when hearth was built. The toolchain
// compiles it, as hearth itself is too large a program to start thousands of
// times.
//
// Tests are in it, since a pattern cannot leave them out; whoever copies it
// skips *_test.go.
//
//go:embed *.go
var Source embed.FS

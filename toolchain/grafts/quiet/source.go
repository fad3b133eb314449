package quiet

import "embed"

// Source is this package as it was when hearth was built, for the toolchain.
//
//go:embed *.go
var Source embed.FS

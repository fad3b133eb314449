package importer

import "panics"

func F() { panics.F() }

package a

import (
	"fmt"
	_ "mod.example/bar"              // want `^import of "mod.example/bar" is forbidden: mod.example/bar v1.4.0 is in the range <v1.5.0 \(bar\)$`
	_ "mod.example/bar/nested"       // silent: another module
	"mod.example/bar/nested/old-one" // want `^import of "mod.example/bar/nested/old-one" is forbidden: it is in the module mod.example/bar/nested/old-one \(all\)$`
	"mod.example/bar/sub"            // want `^import of "mod.example/bar/sub" is forbidden: mod.example/bar v1.4.0 is in the range <v1.5.0 \(bar\)$`
	_ "mod.example/barn"             // silent: only begins alike
)

var _ = fmt.Sprint(old.V, sub.V)

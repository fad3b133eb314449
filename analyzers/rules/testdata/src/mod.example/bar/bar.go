package bar

import _ "mod.example/bar/sub" // silent: the module itself

package fix

import (
	b "bytes"
	_ "imports/blank" // want `is forbidden \(blank\)`
	"imports/old"     // want `is forbidden \(renamed\)`
	"imports/old.v1"  // want `is forbidden \(same-name\)`
	alias "sort"      // want `is forbidden \(sort\)`
	"strings"         // want `is forbidden \(there\)`
	"unicode"         // want `is forbidden \(internal\)`
)

var _ = old.V + pkg.V + alias.SearchInts(nil, 0) + len(strings.ToLower("")) + len(b.Clone(nil))
var _ = unicode.IsLetter

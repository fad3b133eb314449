package fields

import "kinds/dep"

type outer struct{ *dep.Old }

func f(o dep.Old, p outer, b dep.Box[int]) {
	_ = o.Secret                              // want `use of field Secret is forbidden \(secret\)`
	_ = p.Secret                              // want `\(secret\)`
	_ = p.Old.Secret                          // want `\(secret\)`
	_ = o.Open                                // silent: another field
	_ = dep.Old{Secret: "", Open: ""}         // want `\(secret\)`
	_ = dep.Old{Open: ""}                     // silent
	_ = dep.Old{"s", "o", 1}                  // want `\(secret\)`
	_ = []*dep.Old{{"s", "o", 1}}             // want `\(secret\)`
	_ = b.Value                               // want `\(box\)`
	_ = b.Other                               // silent
	_ = dep.Box[string]{Value: "", Other: ""} // want `\(box\)`
	_ = dep.Box[string]{"", ""}               // want `\(box\)`
	_ = struct{ Secret int }{1}.Secret        // silent: a field of another struct
	_ = own{}.internal                        // want `\(all\)`
	_ = own{}.other                           // want `\(all\)`
}

type own struct{ internal, other int }

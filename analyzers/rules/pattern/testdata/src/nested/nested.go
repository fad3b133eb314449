package nested

import "nested/lib"

func f() {
	_ = lib.A(lib.A(1))        // want `^0$`
	_ = lib.A(lib.C(2))        // want `^0$` `^1-$`
	_ = lib.C(lib.A(lib.A(3))) // want `^1$` `^0-$`
	_ = lib.C(4) + lib.A(5)    // want `^1$` `^0$`
}

package rewrites

import "rewrites/lib"

type T struct{ ID int }

func precedence(a, b, c int, x, y bool, p *int, t T) {
	_ = lib.Not(x == y)               // want `^2$`
	_ = lib.Not(x)                    // want `^2$`
	_ = !lib.Not(!x)                  // want `^2$`
	_ = lib.Product(a+b, c)           // want `^3$`
	_ = lib.Product(a*b, b*c)         // want `^3$`
	_ = lib.Product(a, *p)            // want `^3$`
	_ = a % lib.Product(b, c)         // want `^3$`
	_ = lib.Product(b, c) % a         // want `^3$`
	_ = a-lib.Neg(b)                  // want `^5$`
	_ = a - lib.Neg(-b)               // want `^5$`
	_ = lib.Neg(a + b)                // want `^5$`
	_ = !lib.Eq(a, b)                 // want `^4$`
	_ = lib.Eq(lib.Neg(a), b)         // want `^4$` `^5-$`
	_ = (lib.Eq(a, b))                // want `^4$`
	_ = lib.Eq(a, b) == lib.Eq(b, c)  // want `^4$` `^4$`
	_ = lib.ID(T{1})                  // want `^11$`
	_ = lib.ID(*&t)                   // want `^11$`
	if lib.ID(T{2}) == 2 {            // want `^11$`
	}
	if (lib.Eq(T{2}, t)) {            // want `^4$`
	}
	for lib.Eq(T{2}, t) {             // want `^4$`
	}
}

func wrong(s []int, e error) {
	_ = lib.Eq(s, s) // want `^4-$`
	_ = lib.ID(e)    // want `^11-$`
	lib.Neg(1)       // want `^5-$`
	defer lib.Log("x", f()) // want `^10$`
	go lib.Not(true) // want `^2-$`
}

func effects(a int, b *int, list []int, x *T) {
	_ = lib.Swap(a, f())               // want `^6$`
	_ = lib.Swap(f(), f())             // want `^6-$`
	_ = lib.Drop(a, 1)                 // want `^7$`
	_ = lib.Drop(f(), *b)              // want `^7$`
	_ = lib.Drop(a, f())               // want `^7-$`
	_ = lib.Twice(list[a])             // want `^8$`
	_ = lib.Twice(len(list))           // want `^8$`
	_ = lib.Twice(int(int8(f())))      // want `^8-$`
	_ = lib.And(x != nil, x.ID > 0)    // want `^9$`
	_ = lib.And(x != nil, f() > 0)     // want `^9-$`
	_ = lib.Product(func() int { return 1 }(), f()) // want `^3$`
}

func statements(s string, made lib.Made) {
	_ = lib.Make(1)           // want `^12$`
	if lib.Make(2) == made {  // want `^12$`
	}
	if (lib.Make(3) == made) { // want `^12$`
	}
	lib.Print(s)     // want `^13-$`
	_ = lib.Print(s) // want `^13$`
}

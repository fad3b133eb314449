// Package genericdup defines a pass that reports functions that one generic
// function could replace.
//
// # Analyzer genericdup
//
// genericdup: find functions that are equal but for one type
//
// Copies drift apart: what is fixed in one of them stays broken in the others.
//
//	func keysOfInt(m map[int]bool) []int { ... }          // two copies
//	func keysOfString(m map[string]bool) []string { ... }
//
// Where all that differs is one type, a generic function does the work of both:
//
//	func keys[K cmp.Ordered](m map[K]bool) []K { ... }
//
// Functions that others call, and methods, can keep their names and call it.
// The diagnostic stands at the first of the copies and names the others, or the
// first ones of many. It also names a constraint with which the generic function
// compiles: any, comparable, the methods that are called, or a union of the types.
// A wider one, such as cmp.Ordered, may read better.
//
// Two functions are copies if they are equal when local names are ignored, all
// else that they mention is the same, and one type in place of another accounts
// for every difference in types. The type checker must accept the generic
// function, so functions that use fields of the type are silent (a type
// parameter has none), and so are those that need a constant, a constructor or
// a helper of its own for each type.
//
// Silent are also
//   - functions of fewer than 4 statements, or with a body on one line;
//   - methods whose receiver is what differs, and methods that an interface of
//     the package or of its imports asks for: each type needs its own;
//   - functions that have the type in none of their parameters and results, since
//     no call could infer it;
//   - functions with a //go: directive or an //export comment;
//   - generated files, tests, and modules whose Go is older than 1.18.
//
// The pass does not see copies in other packages, copies that differ in two
// types, in the order of their statements or in a function that they call, and
// types that have a method in common whose signature mentions the type itself.
//
// There is no fix: it would have to choose the name of the generic function,
// what becomes of the doc comments, and whether callers change or copies
// remain as wrappers.
package genericdup

// Package widesignature defines a pass that reports parameters and results that
// never vary, and results that nobody uses.
//
// # Analyzer widesignature
//
// widesignature: find parameters and results that never vary or are never used
//
// The pass reports what the signature of a function offers and the package has
// no use for, in three forms that unparam made known:
//
//	func dial(addr string, retries int) // parameter retries always receives 3
//	func check() (bool, error)          // result 1 (error) is always nil
//	func add(n int) (total int)         // result total is never used
//
// A parameter is reported when at least four calls, and all that there are,
// pass the same constant: let the function use the constant. A result is
// reported when every return statement returns the same constant (one return
// statement is enough for nil alone), or when at least two calls, and all that
// there are, drop it. Errors that nobody looks at are the business of other
// checks.
//
// It is one pass and not two, because it has one cause, a signature that is
// wider than what the package needs, and one remedy. It is not part of
// unusedparams, and off unless a policy enables it by name: such a signature is
// often meant to be ready for the next caller, so that half of the findings are
// a matter of taste. gopls can pass an analyzer no flags, hence the name.
//
// The limits are those of unusedparams: functions that may be used as a value,
// implement an interface, have a twin under another build tag, or can be reached
// from other packages are silent, and so are stubs and generated files. A
// function that a file of another build tag mentions is silent as well, as its
// calls there are not known. Constants count as they are written; a variable
// that always holds the same value does not. There is no fix: calls and body
// have to change together.
package widesignature

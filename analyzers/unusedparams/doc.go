// Package unusedparams defines a pass that reports parameters nobody reads.
//
// # Analyzer unusedparams
//
// unusedparams: find parameters that the function does not use
//
// The pass reports the parameters of functions and methods, and of function
// literals that a variable names, which their body never mentions:
//
//	func area(w, h, depth int) int { return w * h } // unused parameter: depth
//
// or mentions only to hand them on, unchanged, to a recursive call:
//
//	func walk(n *node, tag string) {
//		for _, child := range n.children {
//			walk(child, tag) // unused parameter: tag
//		}
//	}
//
// It offers to rename the parameter to "_" and, in the editor, to remove it
// together with the arguments of all calls. After a recursive call there is no
// fix, as the call has to change as well.
//
// A parameter that something other than the body asks for is silent:
//   - the function is exported, since other packages may use it as a value or
//     ask for the method in an interface. Functions (not methods) of a package
//     main are reported all the same, unless its main is empty as in a plugin;
//   - the function is used as a value, assigned to a variable of a named
//     function type, or one of several that a variable holds, so that its
//     signature is not its own;
//   - the method has the name and signature of an unexported method of an
//     interface, or one that an instance of a generic interface may have;
//   - the function is called as f(g()), where g has several results;
//   - the function has a twin for another operating system or build tag, is
//     used as a value there or in an external test, is named by assembly, or is
//     known to the linker (//go:linkname), to C (//export) or to a host
//     (//go:wasmexport);
//   - the function is a stub: it does nothing, or nothing but log, panic, exit
//     or return constants, zero values or an error, or its name ends in Stub;
//   - the function must not be inlined (//go:noinline), which is to say that
//     its call matters, as in a test of stack traces;
//   - the parameter's name begins with an underscore, the function's comment
//     names it and says that something is ignored or unused, its type, such as
//     struct{}, has but one value, or it is a context or the *testing.T of a
//     helper, which functions take by custom;
//   - the function is one of three or more of the package with the same parameters,
//     by name and type, and the same results, of which another uses it, unless
//     these are as common as func(n int);
//   - the file is generated.
//
// What lies in files of other build tags is read from the package's folder, as
// they are no part of the package that is checked.
//
// The pass sees one package at a time, with its tests. It does not see a
// parameter that is overwritten before it is read (staticcheck's SA4009 does),
// nor one that is only assigned to _, which says that it is kept on purpose.
//
// In gopls the pass takes the place of the one of the same name. How it compares
// with that one, with unparam and with revive on their own test data, and how
// much of what it finds in well-known code is worth a comment, is in
// docs/precision-unusedparams.md.
package unusedparams

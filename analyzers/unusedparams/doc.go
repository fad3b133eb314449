// Package unusedparams defines a pass that reports parameters nobody reads.
//
// # Analyzer unusedparams
//
// unusedparams: find parameters that the function does not use
//
// The pass reports the parameters of unexported functions and methods, and of
// function literals that a variable names, which their body never mentions:
//
//	func area(w, h, depth int) int { return w * h } // unused parameter: depth
//
// It offers to rename the parameter to "_" and, in the editor, to remove it
// together with the arguments of all calls.
//
// A parameter that something other than the body asks for is silent:
//   - the function is used as a value, assigned to a variable of a named
//     function type, or one of several that a variable holds, so that its
//     signature is not its own;
//   - the method has the name and signature of an unexported method of an
//     interface;
//   - the function has a twin for another operating system or build tag, is
//     used as a value there, is called from assembly, or is known to the linker
//     (//go:linkname) or to C (//export);
//   - the function is a stub: its body is empty, or does nothing but panic, exit
//     or return constants, zero values or an error;
//   - the parameter's name begins with an underscore;
//   - the file is generated.
//
// What lies in files of other build tags is read from the package's folder, as
// they are no part of the package that is checked.
//
// In gopls the pass takes the place of the one of the same name.
package unusedparams

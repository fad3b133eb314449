// Package signature finds the functions of a package that own their signature:
// those whose parameters and results nothing but their own callers asks for,
// so that whoever writes the package may change them.
//
// It is no check of its own but what the passes unusedparams and widesignature
// have in common. They ask for the result of [Analyzer].
//
// Everything is decided from one package, since that is all that a driver
// shows: a function that other packages can reach is not among the [Functions],
// with the exception of those of a command. The package must come with its
// in-package tests, which may use a function as a value; gopls and go vet both
// see to that.
package signature

// Package shadow defines a pass that reports a variable whose value is lost,
// because it was declared anew where the outer one of the same name was meant.
//
// # Analyzer shadow
//
// shadow: find variables that shadow one that is read afterwards
package shadow

// Package unusedparams defines a pass that reports parameters nobody reads.
//
// # Analyzer unusedparams
//
// unusedparams: find parameters that the function does not use
package unusedparams

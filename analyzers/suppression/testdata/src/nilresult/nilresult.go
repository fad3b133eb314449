// Package nilresult compares what is never nil.
package nilresult

import "nilresult/low"

func f() bool {
	return low.Check() == nil // want "never true"
}

// Package top calls what it does not import.
package top

import "nilfacts.test/mid"

func F() bool {
	if mid.Get().Fail() == nil { // never true
		return false
	}
	var e mid.Embeds
	return e.Fail() == nil || e.Next() == nil || mid.Int().New() == nil
}

// Package mid leads to package low.
package mid

import "nilfacts.test/low"

func Get() *low.T { return &low.T{} }

func Int() *low.Self[int] { return &low.Self[int]{} }

type Embeds struct{ *low.T }

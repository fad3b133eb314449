// Package top is one end of a diamond. Of its two chains the first by name counts.
package top

import (
	_ "layer/left"
	_ "layer/right"
)

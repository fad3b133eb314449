// Package long has a long chain to infra and, by way of its tests, a short one.
package long

import _ "layer/top"

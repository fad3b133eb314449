// Package helper imports what the tests that need it are about.
package helper

import _ "layer/domain"

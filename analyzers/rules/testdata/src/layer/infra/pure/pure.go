// Package pure is below infra, and more exactly a part of another component.
package pure

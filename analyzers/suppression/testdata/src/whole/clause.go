//nolint:bad // above the package clause
package whole

func b() { bad() }

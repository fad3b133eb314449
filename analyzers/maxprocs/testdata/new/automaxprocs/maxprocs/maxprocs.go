// Package maxprocs stands for the real one.
package maxprocs

func Set() {}

package main

import "testing"

func TestRun(t *testing.T) { // silent: testing asks for t
	Run("y", false)
}

func helper(t *testing.T, n int) { // want "unused parameter: n"
	t.Log(len("x"), helper2("a"))
}

func helper2(s string) int { return len(s) }

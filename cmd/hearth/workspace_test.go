package main

import (
	"slices"
	"testing"

	"github.com/gohearth/hearth/goplsconfig"
)

// In another order, the settings would make another command, of which nothing is
// recalled.
func TestEnvOrder(t *testing.T) {
	env := map[string]any{"A": "1", "B": "2", "C": "3", "D": "4"}
	r := resolved{Resolved: &goplsconfig.Resolved{Gopls: map[string]any{"env": env}}}
	want := []string{"A=1", "B=2", "C=3", "D=4"}
	for range 20 {
		if got := r.env(); !slices.Equal(got, want) {
			t.Fatalf("environment %q, want %q", got, want)
		}
	}
}

package main

import (
	"path/filepath"
	"testing"
)

func TestPagesAreCurrent(t *testing.T) {
	stale, err := generate(filepath.Join("..", "..", "docs"), false)
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) > 0 {
		t.Errorf("stale: %v\nto update: go run ./internal/docs -w", stale)
	}
}

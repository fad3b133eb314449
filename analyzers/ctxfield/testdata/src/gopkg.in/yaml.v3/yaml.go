// Package yaml stands for the real one.
package yaml

func Marshal(in any) ([]byte, error) { return nil, nil }

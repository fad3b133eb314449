//go:build !darwin

package main

func unitText() string { return systemdUnit }

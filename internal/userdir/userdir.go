// Package userdir names the folders that hearth keeps for one user.
//
// Each follows the XDG variables on every system: a developer who works on
// Linux and macOS finds them at the same place, and a test moves all of them
// with four variables. None of the functions creates anything.
package userdir

import (
	"fmt"
	"os"
	"path/filepath"
)

// Cache is for what can be made again: toolchains and bound policies.
// HEARTH_CACHE overrides it whole.
func Cache() (string, error) {
	if dir := os.Getenv("HEARTH_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	return under("XDG_CACHE_HOME", ".cache")
}

// State is for what cannot be made again but is of this machine only: trust,
// the journal of changed files, recorded profiles, logs.
func State() (string, error) { return under("XDG_STATE_HOME", ".local/state") }

// Config is where the user's own config.yaml lives.
func Config() (string, error) { return under("XDG_CONFIG_HOME", ".config") }

// Data is where the installed hearth binary lives.
func Data() (string, error) { return under("XDG_DATA_HOME", ".local/share") }

func under(variable, fallback string) (string, error) {
	base := os.Getenv(variable)
	if !filepath.IsAbs(base) { // the XDG rule: relative values are ignored
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("finding your home folder: %w", err)
		}
		base = filepath.Join(home, filepath.FromSlash(fallback))
	}
	return filepath.Join(base, "hearth"), nil
}

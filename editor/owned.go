package editor

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/gohearth/hearth/internal/hint"
)

// A file that belongs to hearth as a whole begins with a line that says so and
// holds the hash of all that follows. So a file that was edited by hand is told
// from one that an older hearth wrote, also on a machine that got it with
// somebody's dotfiles and has no journal of it.

const mark = "Written by hearth, which replaces this file unless it was edited. sha256:"

// seal puts the first line, a comment, on top of body.
func seal(comment, body string) []byte {
	return []byte(comment + " " + mark + bodyHash([]byte(body)) + "\n" + body)
}

type ownership int

const (
	foreign ownership = iota // somebody else wrote it
	edited                   // hearth wrote it, then somebody edited it
	ours
)

func ownerOf(data []byte) ownership {
	first, body, _ := bytes.Cut(data, []byte("\n"))
	_, hash, found := strings.Cut(string(first), mark)
	switch {
	case !found:
		return foreign
	case strings.TrimSpace(hash) != bodyHash(body):
		return edited
	}
	return ours
}

func bodyHash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8]) // it detects edits, not attacks
}

// planOwned returns the change that makes the file at path hold want, or none.
func planOwned(e Editor, path string, want []byte) ([]Change, error) {
	have, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration of %s: %w", e.Title(), err)
	}
	switch {
	case bytes.Equal(have, want):
		return nil, nil
	case have == nil || ownerOf(have) == ours:
		return []Change{{Path: path, Old: have, New: want}}, nil
	case ownerOf(have) == edited:
		return nil, hint.Add(fmt.Errorf("%q was edited since hearth wrote it", path),
			"move your lines to another file, delete this one, and run the command again")
	}
	return nil, hint.Add(fmt.Errorf("%q is yours and has the name of a file that hearth needs", path),
		"wire %s by hand (hearth setup --print-config %s), or rename the file", e.Title(), e.Name())
}

// vimString and luaString return a literal of the language.
func vimString(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func luaString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

package editor

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

type textFile struct{ path, text string }

// scanLimit bounds how many files of a configuration are read for a warning.
// The largest distributions of Neovim have about 200.
const scanLimit = 500

// readTree returns the files below root that the user may have written and
// whose name ends in one of the suffixes. Plugins of others are passed over.
func readTree(root string, suffixes ...string) []textFile {
	var files []textFile
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved // WalkDir does not follow a link, and dotfiles are links
	}
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // a warning is not worth an error
		}
		if len(files) >= scanLimit {
			return fs.SkipAll
		}
		if entry.IsDir() {
			switch entry.Name() {
			case "pack", "plugged", "bundle", "undo", "swap", ".git":
				return fs.SkipDir
			}
			return nil
		}
		for _, suffix := range suffixes {
			if strings.HasSuffix(path, suffix) {
				if data, err := os.ReadFile(path); err == nil {
					files = append(files, textFile{path, string(data)})
				}
				break
			}
		}
		return nil
	})
	return files
}

// withoutComments drops the lines that are comments as a whole, which is how
// people disable settings.
func withoutComments(text, marker string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), marker) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// version returns what follows prefix in the first line of "program --version".
func version(program, prefix string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(out), prefix)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

package fix

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
)

// Write writes the changes, all or none: where a file is not what it was when
// it was analysed nothing is written, and where one cannot be written the others
// get back what they held.
func Write(root string, changes []Change) error {
	path := func(c Change) string { return filepath.Join(root, filepath.FromSlash(c.File)) }
	for _, c := range changes {
		now, err := os.ReadFile(path(c))
		if err != nil {
			return fmt.Errorf("applying fixes: %w", err)
		}
		if !bytes.Equal(now, c.Old) {
			return hint.Add(fmt.Errorf("applying fixes: %s was edited meanwhile; nothing was written", c.File), "run hearth vet --fix again")
		}
	}
	for i, c := range changes {
		if err := atomicfile.Write(path(c), c.New, 0o644); err != nil {
			err = fmt.Errorf("applying fixes: %w", err)
			for _, done := range changes[:i] {
				err = errors.Join(err, atomicfile.Write(path(done), done.Old, 0o644))
			}
			return err
		}
	}
	return nil
}

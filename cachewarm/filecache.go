package cachewarm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Cache is the file cache of gopls after a run.
type Cache struct {
	Dir      string `json:"dir"`      // of this gopls
	Entries  int    `json:"entries"`  // in Dir
	Analyses int    `json:"analyses"` // packages with results of analyzers, of these
	Bytes    int64  `json:"bytes"`    // of all executables together
	Budget   int64  `json:"budget"`   // above which gopls drops the oldest
}

// Tight reports whether gopls will soon drop what a run has warmed; the setting
// maxFileCacheBytes raises the budget.
func (c Cache) Tight() bool { return c.Bytes > c.Budget/10*9 }

// defaultBudget is gopls's own maxFileCacheBytes.
const defaultBudget = 1e9

// cacheRoot returns where gopls keeps the caches of all its executables.
func (w *warmer) cacheRoot() (string, error) {
	if dir := w.getenv("GOPLSCACHE"); dir != "" {
		return filepath.Join(dir, "gopls"), nil
	}
	dir, err := w.userCacheDir()
	return filepath.Join(dir, "gopls"), err
}

// cacheDir returns where this gopls keeps its cache: it is named after the
// first bytes of the hash of the executable.
func (w *warmer) cacheDir() (string, error) {
	root, err := w.cacheRoot()
	if err != nil {
		return "", err
	}
	f, err := os.Open(w.Gopls)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return filepath.Join(root, fmt.Sprintf("%x", h.Sum(nil)[:4])), nil
}

// census counts what is in the cache.
func (w *warmer) census() (Cache, error) {
	c := Cache{Budget: defaultBudget}
	if value, ok := Setting(w.Settings(w.Profiles[0].Settings()), "maxFileCacheBytes"); ok {
		switch n := value.(type) {
		case float64:
			c.Budget = int64(n)
		case int:
			c.Budget = int64(n)
		case int64:
			c.Budget = n
		}
	}
	root, err := w.cacheRoot()
	if err != nil {
		return c, err
	}
	if c.Dir, err = w.cacheDir(); err != nil {
		return c, err
	}
	own := c.Dir + string(filepath.Separator)
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // another gopls may remove what it finds too old
		}
		if info, err := d.Info(); err == nil {
			c.Bytes += info.Size()
		}
		if strings.HasPrefix(path, own) {
			c.Entries++
			if strings.HasSuffix(path, "-analysis") {
				c.Analyses++
			}
		}
		return nil
	})
	return c, err
}

// settle waits until gopls has written what it has worked out: it answers first
// and writes in the background.
func (w *warmer) settle(ctx context.Context) error {
	const (
		pause = 200 * time.Millisecond
		limit = 10 * time.Second // other editors may be writing as well
	)
	dir, err := w.cacheDir()
	if err != nil {
		return err
	}
	for last, end := -1, time.Now().Add(limit); time.Now().Before(end); {
		n := 0
		filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				n++
			}
			return nil
		})
		if n == last {
			return nil
		}
		last = n
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// finish ends the gopls that did the work and counts what it has left.
func (w *warmer) finish(ctx context.Context) {
	if w.kept != nil && ctx.Err() == nil {
		w.kept.end(ctx)
		w.kept = nil
	}
	if c, err := w.census(); err == nil {
		w.report.Cache = c
	}
}

// getenv returns a variable of gopls's environment.
func (w *warmer) getenv(name string) string {
	if w.Env == nil {
		return os.Getenv(name)
	}
	for _, kv := range slices.Backward(w.Env) { // the last one counts
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// userCacheDir is [os.UserCacheDir] in gopls's environment.
func (w *warmer) userCacheDir() (string, error) {
	var dir, below string
	switch runtime.GOOS {
	case "windows":
		dir = w.getenv("LocalAppData")
	case "darwin", "ios":
		dir, below = w.getenv("HOME"), "Library/Caches"
	default:
		if dir = w.getenv("XDG_CACHE_HOME"); dir == "" {
			dir, below = w.getenv("HOME"), ".cache"
		}
	}
	if dir == "" {
		return "", errors.New("finding the cache folder: HOME is not set")
	}
	return filepath.Join(dir, below), nil
}

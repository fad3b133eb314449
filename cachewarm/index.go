package cachewarm

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	// indexTimeout is for an index that has to be made: a module cache of
	// 10 GB takes about a minute.
	indexTimeout = 5 * time.Minute

	// updateTimeout is for one that may have to be brought up to date. gopls
	// writes nothing if the new modules hold no import path that is new, so
	// there may be nothing to see.
	updateTimeout = 10 * time.Second
)

// index waits for the index of the module cache from which gopls
// completes packages that are not imported yet. It is made in the background
// of each start, is lost if gopls ends meanwhile, and belongs to no workspace.
func (w *warmer) index(ctx context.Context, s *Step) error {
	if w.kept == nil {
		return skip("gopls did not run")
	}
	cache := w.ws.env["GOMODCACHE"]
	dir, err := w.userCacheDir()
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, "goimports")

	// Modules that came after the index was made are not in it.
	var newest time.Time
	if w.listing != nil {
		for _, mod := range w.listing.modules {
			if info, err := os.Stat(mod); err == nil && info.ModTime().After(newest) {
				newest = info.ModTime()
			}
		}
	}
	start := time.Now()
	for {
		made, err := indexTime(dir, cache)
		waited := time.Since(start)
		switch {
		case err == nil && !made.Before(newest.Truncate(time.Second)):
			s.Detail = "of " + cache
			return nil
		case err == nil && waited > updateTimeout:
			s.Detail = "of " + cache + ", no new packages"
			return nil
		case waited > indexTimeout:
			return fmt.Errorf("there is still none after %v", indexTimeout)
		}
		if err := w.kept.Err(); err != nil {
			return err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// indexTime returns when the index of a module cache was made, to the second.
// A file that is named after the module cache names the index, whose first
// lines are the version of the format, the module cache, and the time.
func indexTime(dir, modCache string) (time.Time, error) {
	modCache, err := filepath.Abs(modCache)
	if err != nil {
		return time.Time{}, err
	}
	links, err := filepath.Glob(filepath.Join(dir, fmt.Sprintf("index-name-*-%x", sha256.Sum256([]byte(modCache)))))
	if err != nil {
		return time.Time{}, err
	}
	var latest time.Time
	for _, link := range links { // one for each version of the format
		name, err := os.ReadFile(link)
		if err != nil {
			continue
		}
		f, err := os.Open(filepath.Join(dir, string(name)))
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(f)
		for range 3 {
			lines.Scan()
		}
		err = lines.Err()
		f.Close()
		if err != nil {
			continue
		}
		made, err := time.ParseInLocation(time.DateTime, lines.Text(), time.Local)
		if err == nil && made.After(latest) {
			latest = made
		}
	}
	if latest.IsZero() {
		return latest, errors.New("there is no index")
	}
	return latest, nil
}

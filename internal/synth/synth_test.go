package synth

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// listed is a package as go list prints it.
type listed struct {
	ImportPath string
	GoFiles    []string
	Imports    []string
}

func list(t *testing.T, dir string) (packages []listed) {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,GoFiles,Imports", "./...")
	cmd.Dir = dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(out); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return packages
}

func TestShape(t *testing.T) {
	for _, s := range []Shape{
		{Packages: 100, Files: 3, Depth: 5, FanIn: 2, Seed: 1},
		{Packages: 61, Files: 1, Depth: 4, FanIn: 4},
		{Packages: 7, Files: 2, Depth: 7, FanIn: 3}, // a chain: there is no more to import
		{Packages: 1},
		{},
	} {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			dir := t.TempDir()
			if err := Write(dir, s); err != nil {
				t.Fatal(err)
			}
			s = s.WithDefaults()
			packages := list(t, dir)
			if len(packages) != s.Packages {
				t.Errorf("%d packages, want %d", len(packages), s.Packages)
			}
			importers, layers := make(map[string]int), make(map[string]int)
			for _, p := range packages {
				if len(p.GoFiles) != s.Files {
					t.Errorf("%s has %d files, want %d", p.ImportPath, len(p.GoFiles), s.Files)
				}
				layer := strings.Split(p.ImportPath, "/")[2]
				layers[layer]++
				for _, path := range p.Imports {
					if strings.HasPrefix(path, Module) {
						importers[path]++
						if below := strings.Split(path, "/")[2]; below >= layer {
							t.Errorf("%s imports %s", p.ImportPath, path)
						}
					}
				}
			}
			if len(layers) != s.Depth {
				t.Errorf("%d layers, want %d", len(layers), s.Depth)
			}
			total, below, hub := 0, s.Packages-layers[fmt.Sprintf("layer%02d", s.Depth-1)], 0
			for _, n := range importers {
				total += n
				hub = max(hub, n)
			}
			// Layers differ in size by one, so the mean is near.
			if want := min(s.FanIn, s.Packages/s.Depth) * below; total < want*8/10 || total > want*12/10 {
				t.Errorf("%d imports of %d packages, want about %d", total, below, want)
			}
			if s.Packages == 100 && hub < 2*s.FanIn {
				t.Errorf("no package is imported by more than %d", hub)
			}
		})
	}
}

func TestNegative(t *testing.T) {
	if err := Write(t.TempDir(), Shape{Files: -1}); err == nil {
		t.Error("a package with -1 files was written")
	}
}

// TestSame: the seed decides every byte, and another one other bytes.
func TestSame(t *testing.T) {
	sum := func(seed uint64) string {
		t.Helper()
		dir := t.TempDir()
		if err := Write(dir, Shape{Packages: 40, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			rel, _ := filepath.Rel(dir, path)
			fmt.Fprintf(h, "%q %q\n", rel, data)
			if formatted, ferr := format.Source(data); strings.HasSuffix(path, ".go") && (ferr != nil || string(formatted) != string(data)) {
				t.Errorf("gofmt would change %s: %v\n%s", rel, ferr, formatted)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	first := sum(1)
	if sum(1) != first {
		t.Error("one seed gives different bytes")
	}
	if sum(2) == first {
		t.Error("two seeds give the same bytes")
	}
}

func TestBuilds(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, Shape{Packages: 100, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"build", "./..."}, {"vet", "./..."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("go %s: %v\n%s", args[0], err, out)
		}
	}
}

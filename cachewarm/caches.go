package cachewarm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/internal/lsp"
)

// modules downloads what the workspace's modules require. It works in a go.work
// as well, and without a network if everything is there.
func (w *warmer) modules(ctx context.Context) error {
	return run(w.Go(ctx, "mod", "download"))
}

// listed is a package as go list prints it.
type listed struct {
	ImportPath                                   string
	Dir                                          string
	ForTest                                      string
	DepOnly                                      bool
	GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string
}

// listFlags are those with which gopls loads a workspace (go/packages in its
// golistDriver): -compiled is what fills the build cache, with cgo's output
// and what it needs of the compiler.
var listFlags = []string{"list", "-e", "-compiled=true", "-test=true", "-export=false", "-deps=true", "-find=false", "-pgo=off",
	"-json=ImportPath,Dir,ForTest,DepOnly,GoFiles,CgoFiles,CompiledGoFiles,TestGoFiles,XTestGoFiles"}

// list runs gopls's own go list, and returns the packages of the workspace.
func (w *warmer) list(ctx context.Context) ([]listed, error) {
	args := append(slices.Clone(listFlags), w.BuildFlags...)
	out, err := output(w.Go(ctx, append(args, "--", "./...", "builtin")...))
	if err != nil {
		return nil, err
	}
	var packages []listed
	dec := json.NewDecoder(bytes.NewReader(out))
	for dec.More() {
		var p listed
		if err := dec.Decode(&p); err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		if !p.DepOnly && p.ForTest == "" && p.ImportPath != "builtin" && !strings.HasSuffix(p.ImportPath, ".test") {
			packages = append(packages, p)
		}
	}
	return w.selected(ctx, packages)
}

// selected keeps the packages that the policy wants warm.
func (w *warmer) selected(ctx context.Context, all []listed) ([]listed, error) {
	if len(w.Packages) == 0 {
		return all, nil
	}
	out, err := output(w.Go(ctx, append([]string{"list", "-e", "--"}, w.Packages...)...))
	if err != nil {
		return nil, err
	}
	wanted := strings.Fields(string(out))
	return slices.DeleteFunc(all, func(p listed) bool { return !slices.Contains(wanted, p.ImportPath) }), nil
}

// batch is how many packages are open at a time. gopls keeps the types of open
// packages: 32 of kubernetes's cost some hundred MB, and a larger batch is no
// faster on two cores.
const batch = 32

// analyse has gopls load the workspace and analyse packages. Loading fills the
// cache with all but the analyzers' results: those gopls computes only for
// packages with an open file, so one file of each is opened for a moment.
func (w *warmer) analyse(ctx context.Context, p profile.Profile, packages []listed) error {
	e, err := w.open(ctx, p)
	if err != nil {
		return err
	}
	defer e.Close()
	for start := 0; start < len(packages); start += batch {
		part := packages[start:min(start+batch, len(packages))]
		w.Progress("gopls cache", fmt.Sprintf("%d of %d packages", start, len(packages)))
		if err := analysePart(ctx, e.Client, part); err != nil {
			return err
		}
		w.report.Packages += len(part)
	}
	return e.Shutdown(ctx)
}

func analysePart(ctx context.Context, client *lsp.Client, part []listed) error {
	var uris []lsp.URI
	for _, p := range part {
		for _, file := range p.representatives() {
			if err := Open(client, file); err != nil {
				continue // removed meanwhile
			}
			uris = append(uris, lsp.FileURI(file))
		}
	}
	// The command answers when all diagnostics of the files are computed.
	err := client.Call(ctx, "workspace/executeCommand", lsp.ExecuteCommandParams{
		Command: "gopls.diagnose_files", Arguments: []json.RawMessage{filesArgument(uris)},
	}, nil)
	for _, uri := range uris {
		if err := client.Notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}}); err != nil {
			return err
		}
	}
	return err
}

func filesArgument(uris []lsp.URI) json.RawMessage {
	data, err := json.Marshal(map[string]any{"Files": uris})
	if err != nil {
		panic(err) // strings
	}
	return data
}

// representatives returns a file of each package that gopls analyses for p: the
// package in its widest form, with its tests, and the external test package.
func (p listed) representatives() (files []string) {
	for _, names := range [][]string{slices.Concat(p.TestGoFiles, p.GoFiles, p.CgoFiles), p.XTestGoFiles} {
		if len(names) > 0 {
			files = append(files, filepath.Join(p.Dir, names[0]))
		}
	}
	return files
}

// index waits for the index of the module cache, which gopls writes in the
// background, to complete unimported packages.
func (w *warmer) index(ctx context.Context) error {
	dir, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	for range 20 {
		if found, _ := filepath.Glob(filepath.Join(dir, "goimports", "index-*")); len(found) > 0 {
			return nil
		}
		e, err := w.open(ctx, w.Profiles[0]) // each start of gopls updates it
		if err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
		e.Close()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.New("gopls has not written it")
}

// editor is a gopls with the workspace open.
type editor struct{ *lsp.Client }

// open starts gopls as the editor of the profile does. It returns before the
// workspace is loaded: gopls makes the first request wait for that.
func (w *warmer) open(ctx context.Context, p profile.Profile) (*editor, error) {
	settings := p.Settings()
	if w.Settings != nil {
		settings = w.Settings(settings)
	}
	client, err := lsp.Start(lsp.Command{Args: []string{w.Gopls}, Dir: w.Root, Env: w.Env}, lsp.Options{Settings: settings})
	if err != nil {
		return nil, fmt.Errorf("starting gopls: %w", err)
	}
	if _, err := client.Initialize(ctx, p.Initialize(w.Root, settings)); err != nil {
		client.Close()
		return nil, fmt.Errorf("initializing gopls: %w", err)
	}
	return &editor{client}, nil
}

func run(cmd *exec.Cmd) error {
	_, err := output(cmd)
	return err
}

// output runs a command; its error is what it wrote to stderr.
func output(cmd *exec.Cmd) ([]byte, error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if text := strings.TrimSpace(stderr.String()); err != nil && text != "" {
		err = errors.New(text)
	}
	return out, err
}

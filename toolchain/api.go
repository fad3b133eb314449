package toolchain

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/process"
)

// apiName is the file in which a toolchain keeps what its gopls said of itself
// when it was built: starting gopls for it takes half a second each time. It is
// not the JSON that gopls prints, as that takes 6 ms to parse, and each editor
// that attaches waits for it.
const apiName = "api.gob"

// encodeAPI returns the contents of that file for what gopls printed.
func encodeAPI(printed []byte) ([]byte, error) {
	api, err := goplsconfig.ParseAPI(printed)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = gob.NewEncoder(&b).Encode(api)
	return b.Bytes(), err
}

// API returns what the built gopls says of itself: its settings and analyzers.
func (t *Toolchain) API() (*goplsconfig.API, error) {
	data, err := os.ReadFile(filepath.Join(t.dir, apiName))
	api := new(goplsconfig.API)
	if err == nil {
		err = gob.NewDecoder(bytes.NewReader(data)).Decode(api)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the description of gopls in %s: %w", t.dir, err)
	}
	return api, nil
}

// described is an analyzer as `vettool -hearth-suite` prints it.
type described struct {
	Name, Doc, URL, Severity, Group string
	Default, EditorOnly             bool
}

// mergeAPI returns gopls's api-json with the analyzers of the suite in place
// of its own. Everything else stays as it is, whatever a later gopls adds.
func mergeAPI(api, suite []byte) ([]byte, error) {
	var list []described
	if err := json.Unmarshal(suite, &list); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b described) int { return cmp.Compare(a.Name, b.Name) })
	var doc map[string]any
	if err := json.Unmarshal(api, &doc); err != nil {
		return nil, err
	}
	var keys []any
	for _, a := range list {
		keys = append(keys, map[string]any{
			"Name": fmt.Sprintf("%q", a.Name), "Doc": a.Doc, "Default": fmt.Sprint(a.Default), "Status": "",
		})
	}
	doc["Analyzers"] = list
	options, _ := doc["Options"].(map[string]any)
	user, _ := options["User"].([]any)
	for _, o := range user {
		if option, _ := o.(map[string]any); option["Name"] == "analyses" {
			option["EnumKeys"] = map[string]any{"ValueType": "bool", "Keys": keys}
		}
	}
	return json.MarshalIndent(doc, "", "\t")
}

// run runs a command in dir and returns what it printed.
func (b *builder) run(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	return output(ctx, cmd)
}

// output runs cmd, which was made without a context. The error of a command that failed is what it wrote to
// stderr: a compiler's words need no exit status.
func output(ctx context.Context, cmd *exec.Cmd) (string, error) {
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := process.Run(ctx, cmd)
	if err == nil {
		return stdout.String(), nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err() // it was killed; its words mean nothing
	}
	if text := strings.TrimSpace(stderr.String()); text != "" {
		err = errors.New(text)
	}
	return stdout.String(), err
}

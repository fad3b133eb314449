package toolchain

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A graft is one small change to the source of the private copy of gopls.
//
// It replaces one place of one file, which it knows by the text there. A patch
// file would name the place by line numbers too, and a copy of the whole file
// would undo what the next gopls changes in it; the text either still stands
// there, and then the change still means what it meant, or the graft is left
// out. gopls must therefore be whole without any of them.
type graft struct {
	Name string // as the toolchain's manifest lists it
	Doc  string // what gopls can do with it
	File string // within the gopls module, with slashes
	Old  string // must stand in the file exactly once
	New  string
}

// grafts are applied in this order.
var grafts = []graft{
	{
		Name: MCPSocket,
		Doc:  `-mcp.listen=unix:PATH serves MCP on a unix socket`,
		File: "internal/mcp/mcp.go",
		// A TCP port is open to every user of the machine, a socket in a folder
		// of mode 0700 is not. Whoever starts gopls removes a stale socket first.
		Old: `	listener, err := net.Listen("tcp", address)
`,
		New: `	network := "tcp"
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		network, address = "unix", path
	}
	listener, err := net.Listen(network, address)
`,
	},
	{
		Name: ruleSeverity,
		Doc:  `findings of the rules rank as their rule says`,
		File: "internal/cache/errors.go",
		// gopls knows one severity for an analyzer. It comes after what gopls keeps of
		// an analysis, so that a changed severity has nothing analysed anew.
		Old: `		Severity: srcAnalyzer.Severity(),
`,
		New: `		Severity: settings.HearthSeverity(srcAnalyzer, gobDiag.Code),
`,
	},
}

// MCPSocket is the graft that lets gopls serve MCP on a unix socket.
const MCPSocket = "mcpsocket"

// ruleSeverity is the graft that lets each rule have a severity.
const ruleSeverity = "ruleseverity"

// applyGrafts changes the private copy and returns the names of the grafts
// that are in. One that does not fit this gopls costs its feature, not the
// toolchain.
func (b *builder) applyGrafts(list []graft) ([]string, error) {
	var applied []string
	for _, g := range list {
		path := filepath.Join(b.src(), filepath.FromSlash(g.File))
		text, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("applying graft %s: %w", g.Name, err)
		}
		if n := strings.Count(string(text), g.Old); n != 1 {
			b.progress(fmt.Sprintf("warning: graft %s does not fit gopls %s: its place is in %s %d times, not once", g.Name, b.release.gopls, g.File, n))
			continue
		}
		changed := strings.Replace(string(text), g.Old, g.New, 1)
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			return nil, fmt.Errorf("applying graft %s: %w", g.Name, err)
		}
		applied = append(applied, g.Name)
	}
	return applied, nil
}

// writeGrafts writes what of the grafts decides the bytes that are built.
func writeGrafts(w io.Writer, list []graft) {
	for _, g := range list {
		fmt.Fprintf(w, "%q %q %q %q\n", g.Name, g.File, g.Old, g.New)
	}
}

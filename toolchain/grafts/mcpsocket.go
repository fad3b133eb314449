package grafts

// MCPSocket is the name of the graft that lets gopls serve MCP on a unix socket.
const MCPSocket = "mcpsocket"

// Whoever starts gopls removes a stale socket first.
var mcpSocket = &Graft{
	Name: MCPSocket,
	Doc:  "`-mcp.listen=unix:PATH` serves MCP on a unix socket.",
	Why: `gopls listens for MCP on TCP, and so for every user of the machine. A socket in a
folder of mode 0700 is for one user, and has a name that is known before gopls runs.
The command gopls mcp needs no port, but cannot answer from the session of an editor.`,
	Cost:     "None for who does not ask for it. Without it, `hearth mcp` starts a gopls of its own.",
	Upstream: "https://github.com/golang/go/issues/75270",
	Figure:   "None: it adds a way in, and changes no request.",
	Edits: []Edit{{
		Package: "internal/mcp",
		Decl:    "Serve",
		Old:     `listener, err := net.Listen("tcp", address)`,
		New: `
	network := "tcp"
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		network, address = "unix", path
	}
	listener, err := net.Listen(network, address)`,
	}},
}

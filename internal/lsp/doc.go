// Package lsp speaks the Language Server Protocol, as an editor does and as
// somebody between an editor and a server does.
//
// [Conn] frames messages, [Message] is what a proxy needs to know of one,
// [Outbox] keeps a slow reader from blocking anyone else, [Process] is a server
// that leaves nothing behind, and [Client] is a small editor on top of them.
//
// There are hand-written types for the dozen structures that hearth looks into.
// Everything else stays json.RawMessage: the protocol package of gopls is
// internal, the public ones lag behind it, and a proxy that decodes what it
// forwards loses the members it does not know.
package lsp

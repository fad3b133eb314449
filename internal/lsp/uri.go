package lsp

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// URI names a document.
type URI string

// FileURI returns the URI of the file at an absolute path, spelt as gopls
// spells it.
func FileURI(path string) URI {
	path = filepath.ToSlash(path)
	if isDrive(path) {
		path = "/" + strings.ToUpper(path[:1]) + strings.ReplaceAll(path[1:], `\`, "/")
	}
	u := url.URL{Scheme: "file", Path: path}
	return URI(u.String())
}

// Path returns the path of the file that uri names. Editors disagree about what
// to escape (VS Code escapes the colon of a drive, some escape nothing at all),
// so everything up to the last byte is path, also "#" and "?".
func (uri URI) Path() (string, error) {
	rest, ok := strings.CutPrefix(string(uri), "file://")
	if !ok {
		return "", fmt.Errorf("%q is not the URI of a file", string(uri))
	}
	host, _, _ := strings.Cut(rest, "/")
	if host != "" && host != "localhost" {
		return "", fmt.Errorf("%q is a file of another machine", string(uri))
	}
	path, err := url.PathUnescape(rest[len(host):])
	if err != nil {
		return "", fmt.Errorf("%q: %w", string(uri), err)
	}
	if path == "" {
		return "", fmt.Errorf("%q has no path", string(uri))
	}
	if isDrive(path[1:]) {
		path = strings.ToUpper(path[1:2]) + path[2:]
	}
	return filepath.FromSlash(path), nil
}

// Clean returns the spelling of uri that [FileURI] gives, so that two URIs of
// one file are equal. A URI that names no file is returned as it is.
func (uri URI) Clean() URI {
	path, err := uri.Path()
	if err != nil {
		return uri
	}
	return FileURI(path)
}

// isDrive reports whether path begins with a Windows drive.
func isDrive(path string) bool {
	return len(path) >= 2 && path[1] == ':' && 'a' <= path[0]|0x20 && path[0]|0x20 <= 'z'
}

package daemon

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/cachewarm/profile"
)

// sessionKey is equal for editors that may have each other's sessions: gopls
// would do the same for both.
func sessionKey(spec Spec, params json.RawMessage) string {
	h := sha256.New()
	editor, err := profile.Key(params)
	if err != nil {
		editor = string(params) // a session of its own
	}
	fmt.Fprintf(h, "%q\n%q\n%q\n%q\n", spec.Key, spec.Dir, editor, environment(spec.Env))
	return fmt.Sprintf("%.8x", h.Sum(nil))
}

// variables are what changes, besides those that begin with GO and CGO_, what
// the go command finds or where gopls keeps its caches.
var variables = []string{
	"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR",
	"CC", "CXX", "FC", "AR", "PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR",
	"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NETRC", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL",
}

// programs are what the go command and gopls start by name.
var programs = []string{"go", "git", "gcc", "g++", "clang", "clang++", "cc", "c++", "gfortran", "ar", "ld", "pkg-config", "gopackagesdriver", "hg", "svn"}

// environment returns what of an environment decides what gopls does. PATH
// counts by the programs that are found on it: a terminal and a graphical
// session seldom agree about the whole.
func environment(env []string) []string {
	values := make(map[string]string)
	for _, entry := range env {
		if name, value, ok := strings.Cut(entry, "="); ok {
			values[name] = value // the last one counts
		}
	}
	var list []string
	for name, value := range values {
		if value != "" && (strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "CGO_") || slices.Contains(variables, name)) {
			list = append(list, name+"="+value)
		}
	}
	slices.Sort(list)
	path := filepath.SplitList(values["PATH"])
	for _, name := range programs {
		for _, dir := range path {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				list = append(list, name+" is "+filepath.Join(dir, name))
				break
			}
		}
	}
	return list
}

// anonymous returns initialize parameters without what only the editor that
// sent them has: its process, and its token for progress.
func anonymous(params json.RawMessage) json.RawMessage {
	var p map[string]json.RawMessage
	if json.Unmarshal(params, &p) != nil {
		return params
	}
	delete(p, "workDoneToken")
	p["processId"] = json.RawMessage("null") // gopls need not end with the editor
	data, err := json.Marshal(p)
	if err != nil {
		return params
	}
	return data
}

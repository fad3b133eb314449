package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/gocmd"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/sharedcache"
	"github.com/gohearth/hearth/internal/vet"
)

// Variables of the shared cache. The first two are the environment of the settings
// cache-remote and cache-patience. The others carry secrets, which belong in no file
// of a repository.
const (
	remoteVariable   = "HEARTH_CACHE_REMOTE"
	patienceVariable = "HEARTH_CACHE_PATIENCE"
	tokenVariable    = "HEARTH_CACHE_TOKEN"
	jwtVariable      = "HEARTH_CACHE_JWT"
)

// vetCache says with whom the work of go vet is shared.
type vetCache struct{}

func (*vetCache) flags(fs *pflag.FlagSet) {
	fs.String("cache-remote", "", "URL of the cache server to share work through, in place of cache.remote in hearth.yaml; \"off\" for none")
}

// share has the go commands of o use the cache server of the policy, or the one
// that the user names. finish says what came of it.
//
// hearth itself is their cache program. It does not build a toolchain with the
// help of a server: a gopls stays in the store, and serves workspaces that do
// not know that server.
func (*vetCache) share(ctx context.Context, c *command, w *workspace, r *resolved, o *vet.Options) (finish func(), err error) {
	finish = func() {}
	server, err := cacheServer(r)
	if err != nil || server == "" || o.Profile { // which makes what nobody can use again
		return finish, err
	}
	patience, err := cachePatience()
	if err != nil {
		return finish, err
	}
	env, err := goEnvOf(ctx, w.dir, o.Env, "GOCACHEPROG", "GOCACHE")
	if err != nil {
		return finish, err
	}
	if env["GOCACHEPROG"] != "" {
		fmt.Fprintf(c.stderr, "hearth: GOCACHEPROG is set, so the cache server %s is not used\n", server)
		return finish, nil
	}
	token, err := cacheToken(ctx, server)
	if err != nil {
		fmt.Fprintf(c.stderr, "hearth: warning: the cache server %s is not used: it gives no token for %s: %v\n", server, jwtVariable, err)
		return finish, nil
	}
	exe, err := os.Executable()
	if err != nil {
		return finish, err
	}
	dir, err := os.MkdirTemp("", "hearth-cache-*")
	if err != nil {
		return finish, err
	}
	report := filepath.Join(dir, "report")
	prog := cacheProgram(exe, "--local", env["GOCACHE"], "--taken", w.store.TakenDir(server), "--patience", patience.String(), "--report", report, server)
	o.Env = append(o.Env, "GOCACHEPROG="+prog, tokenVariable+"="+token, jwtVariable+"=")
	return func() {
		stats, err := sharedcache.ReadStats(report)
		os.RemoveAll(dir)
		if err != nil {
			fmt.Fprintf(c.stderr, "hearth: warning: %v\n", err)
			return
		}
		c.sayShared(server, stats)
	}, nil
}

// cacheServer returns the URL of the server, "" for none. What users say on their
// own machine needs no trust.
func cacheServer(r *resolved) (string, error) {
	own := os.Getenv(remoteVariable)
	switch own {
	case "":
		return r.Cache.Remote, nil
	case "off":
		return "", nil
	}
	if fix, err := goplsconfig.CheckRemote(own); err != nil {
		return "", hint.Add(usageError{fmt.Errorf("%s, or --cache-remote: %w", remoteVariable, err)}, "%s", fix)
	}
	return strings.TrimRight(own, "/"), nil
}

// cachePatience returns how much longer than need be the server may take.
func cachePatience() (time.Duration, error) {
	value := os.Getenv(patienceVariable)
	if value == "" {
		return sharedcache.DefaultPatience, nil
	}
	d, err := time.ParseDuration(value)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%s is no time", d)
	}
	if err != nil {
		return 0, hint.Add(usageError{fmt.Errorf("the setting cache-patience: %w", err)},
			"write a time such as 30s; without the setting it is %s", sharedcache.DefaultPatience)
	}
	return d, nil
}

// cacheToken returns the token for the server, "" where none is needed.
func cacheToken(ctx context.Context, server string) (string, error) {
	token, jwt := os.Getenv(tokenVariable), os.Getenv(jwtVariable)
	if token != "" || jwt == "" {
		return token, nil
	}
	return sharedcache.Exchange(ctx, server, jwt)
}

// goEnvOf asks the go command for variables: a user may have set them with
// go env -w, and a policy in its env.
func goEnvOf(ctx context.Context, dir string, env []string, names ...string) (map[string]string, error) {
	var out bytes.Buffer
	stderr, err := gocmd.Go{Dir: dir, Env: env}.Run(ctx, gocmd.Command{Args: append([]string{"env"}, names...), Stdout: &out})
	if err != nil {
		return nil, fmt.Errorf("running go env: %w", errors.Join(err, errors.New(string(stderr))))
	}
	values := strings.Split(strings.ReplaceAll(out.String(), "\r\n", "\n"), "\n")
	found := make(map[string]string)
	for i, name := range names {
		found[name] = values[i] // one a line
	}
	return found, nil
}

// cacheProgram returns a command line of this program as GOCACHEPROG wants it.
func cacheProgram(exe string, args ...string) string {
	words := []string{quoteWord(exe), "cacheprog"}
	for _, a := range args {
		words = append(words, quoteWord(a))
	}
	return strings.Join(words, " ")
}

// quoteWord quotes as the go command reads it: in either quotes, and with no way
// to write one inside its own kind.
func quoteWord(s string) string {
	switch {
	case s != "" && !strings.ContainsAny(s, " \t\n\r'\""):
		return s
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	}
	return `"` + s + `"`
}

// sayShared says what the server was good for.
func (c *command) sayShared(server string, s sharedcache.Stats) {
	if s.Taken > 0 || s.Given > 0 {
		fmt.Fprintf(c.stderr, "hearth: cache server %s: %d results (%.1f MB) taken, %d made here, %d given, for %.1f s of CPU time\n",
			server, s.Taken, float64(s.TakenBytes)/1e6, s.Made, s.Given, s.CPU.Seconds())
	}
	if s.AskingEnded != "" {
		fmt.Fprintf(c.stderr, "hearth: warning: the cache server %s was asked no more: %s\n", server, s.AskingEnded)
	}
	if s.GivingEnded != "" && s.GivingEnded != s.AskingEnded {
		fmt.Fprintf(c.stderr, "hearth: warning: the cache server %s was given no more: %s\n", server, s.GivingEnded)
	}
}

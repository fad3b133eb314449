// The sameness command checks a promise of hearth on a real workspace: a warm
// session answers as a gopls would that was just started.
//
//	go run ./internal/sameness [-hearth BINARY] [-requests N] [-seed N] [-stock] [-grafts NAMES] DIR
//
// It plays a script of requests and edits against `hearth lsp`, attached to a
// session that another editor has used before, and then against the very same
// gopls without the daemon, on the same files. What differs is printed as a
// diff. This is repeated after what may go wrong between two editors, and under
// one:
//
//	warm      the session was used and parked
//	outside   files were changed, added and removed while it was parked
//	branch    git switched to a branch with hundreds of other files meanwhile
//	attached  git switched back and files changed under an editor that, as Vim,
//	          says nothing of it
//	unsaved   the editor before crashed with unsaved text
//
// DIR is copied to a temporary folder. The seed decides the script; the same
// seed and files give the same one. With -stock, both sides are without the
// daemon: what differs then is not hearth's doing. gopls v0.24.0 differs from
// itself now and then in the outside phase, where files of several platforms
// are open: it may list what a platform's build lacks or not. That is compared all
// the same, as a session could get it wrong too. What any gopls says of the files that
// imported a package which is gone now depends on what it loaded with them; the output
// names the files whose findings are left out for it.
//
// With -grafts, the gopls without the daemon has only these of the grafts (see
// hearth build): -grafts none holds hearth to its promise that they change no
// answer, together with the session or, with -stock too, by themselves. Where
// the policy has rules with severities, that takes -grafts ruleseverity.
//
// Exit status: 0 no difference, 1 some, 2 the comparison failed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.hearth, "hearth", "", "hearth binary (default: build it from this module)")
	flag.IntVar(&o.requests, "requests", 300, "requests of each script, at least")
	flag.Uint64Var(&o.seed, "seed", 1, "decides the script")
	flag.BoolVar(&o.stock, "stock", false, "compare gopls with itself, without the daemon")
	flag.StringVar(&o.grafts, "grafts", "", "grafts of the gopls to compare with, or none (default: all)")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: sameness [-hearth BINARY] [-requests N] [-seed N] [-stock] [-grafts NAMES] DIR")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	differ, err := run(ctx, o, flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "sameness:", err)
		os.Exit(2)
	}
	if differ > 0 {
		os.Exit(1)
	}
}

type options struct {
	hearth   string // "": build it
	requests int
	seed     uint64
	stock    bool
	grafts   string // of the second side
}

func run(ctx context.Context, o options, dir string) (differ int, err error) {
	// A short name: the daemon's socket is below it.
	tmp, err := os.MkdirTemp("", "same-*")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(tmp)
	if o.hearth == "" {
		o.hearth = filepath.Join(tmp, "hearth")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", o.hearth, "github.com/gohearth/hearth/cmd/hearth").CombinedOutput(); err != nil {
			return 0, fmt.Errorf("building hearth: %w\n%s", err, out)
		}
	}
	w, err := copyWorkspace(ctx, dir, filepath.Join(tmp, "workspace"))
	if err != nil {
		return 0, err
	}
	s := &servers{workspace: w, hearth: o.hearth, state: filepath.Join(tmp, "state")}
	defer s.stopDaemon()
	for _, grafts := range []string{"", o.grafts} {
		if err := s.build(ctx, grafts); err != nil {
			return 0, err
		}
	}
	t := &trial{options: o, servers: s}
	for _, phase := range phases {
		if o.stock && phase.during != nil {
			continue // nobody would tell it of changed files
		}
		begun := time.Now()
		steps, n, err := t.phase(ctx, phase)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", phase.name, err)
		}
		fmt.Printf("%-8s  %d steps, %d differ (%s)\n", phase.name, steps, n, time.Since(begun).Round(time.Second))
		differ += n
	}
	return differ, nil
}

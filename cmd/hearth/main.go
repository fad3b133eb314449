// The hearth command sets up Go editors and CI from one policy file.
//
// See [github.com/gohearth/hearth] for what it is for, and `hearth help` for
// its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gohearth/hearth/internal/hint"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: args[0] is the name under which hearth was
// started. As "gopls" it behaves like gopls, so that an editor needs to be
// told no more than a path.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &command{stdin: stdin, stdout: stdout, stderr: stderr}
	argv := args[1:]
	if strings.TrimSuffix(filepath.Base(args[0]), ".exe") == "gopls" {
		argv = asGopls(argv)
	}
	root := c.root()
	root.SetArgs(argv)
	return report(stderr, root.ExecuteContext(ctx))
}

// command holds what the subcommands share. The streams are fields so that
// tests run commands in-process.
type command struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// exitCode ends a command with a status and no message: everything was said.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// usageError is a mistake on the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error } // it may carry a hint

// report prints err once, in the tool's voice, and picks the exit code:
// 0 done, 1 findings or a failed check, 2 something is broken or wrongly used.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "hearth: interrupted")
		return 130 // as shells report SIGINT
	}
	fmt.Fprintf(stderr, "hearth: error: %v\n", err)
	if h := hint.Of(err); h != "" {
		fmt.Fprintf(stderr, "hearth: hint: %s\n", h)
	}
	return 2
}

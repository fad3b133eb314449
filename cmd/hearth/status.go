package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/internal/hint"
)

func (c *command) statusCommand() *cobra.Command {
	var asJSON, watch bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the warm sessions: workspace, editor, memory, latencies",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := daemonClient()
			if err != nil {
				return err
			}
			for {
				var page bytes.Buffer
				if err := writeStatus(cmd.Context(), client, &page, asJSON); err != nil {
					return err
				}
				if watch && !asJSON {
					io.WriteString(c.stdout, "\x1b[H\x1b[2J") // a page at a time
				}
				if _, err := page.WriteTo(c.stdout); err != nil || !watch {
					return err
				}
				select {
				case <-cmd.Context().Done():
					return nil // that is how one leaves
				case <-time.After(2 * time.Second):
				}
			}
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&watch, "watch", false, "print it again every 2 s")
	return cmd
}

// writeStatus prints what the daemon does. No daemon is no error: it starts
// when somebody needs it.
func writeStatus(ctx context.Context, client *daemon.Client, w io.Writer, asJSON bool) error {
	s, err := client.Status(ctx)
	if errors.Is(err, daemon.ErrNone) {
		if asJSON {
			_, err = fmt.Fprintln(w, `{"sessions": []}`)
		} else {
			_, err = fmt.Fprintln(w, "no daemon is running; the first editor starts it")
		}
		return err
	}
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	}
	return printStatus(w, s)
}

func printStatus(w io.Writer, s *daemon.Status) error {
	var total int64
	for _, one := range s.Sessions {
		total += one.Memory
	}
	state := "up " + age(s.Started)
	if s.Draining {
		state = "handing over to another version"
	}
	fmt.Fprintf(w, "daemon %d, %s: %d sessions, %s of %s\n", s.Pid, state, len(s.Sessions), size(total), size(s.Budget))
	if len(s.Sessions) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "workspace\tstate\teditor\tmemory\tup\tstarts\trestarts\twatching")
	for _, one := range s.Sessions {
		editor := one.Editor
		if editor == "" {
			editor = "-"
		}
		fmt.Fprintf(tw, "%s\t%s %s\t%s\t%s\t%s\t%d\t%d\t%s\n", tilde(one.Root), one.State, age(one.Since), editor,
			size(one.Memory), age(one.Started), one.Attached, one.Restarts, one.Watcher)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return printLatencies(w, s.Sessions)
}

// printLatencies prints how long requests took, the most frequent first.
func printLatencies(w io.Writer, sessions []daemon.Session) error {
	const rows = 8 // of each session; the rest is in the JSON
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	header := false
	for _, one := range sessions {
		var methods []string
		for name := range one.Latency {
			methods = append(methods, name)
		}
		slices.SortFunc(methods, func(a, b string) int {
			if n := one.Latency[b].Count - one.Latency[a].Count; n != 0 {
				return n
			}
			return strings.Compare(a, b)
		})
		for _, name := range methods[:min(rows, len(methods))] {
			if !header {
				fmt.Fprintln(tw, "\nworkspace\trequest\tcount\tp50\tp95")
				header = true
			}
			l := one.Latency[name]
			fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%s\n", tilde(one.Root), name, l.Count, seconds(l.P50), seconds(l.P95))
		}
	}
	return tw.Flush()
}

// age is how long ago a moment was, in one unit.
func age(t time.Time) string {
	d := time.Since(t)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

func size(bytes int64) string {
	if bytes >= 1e9 {
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	}
	return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) // as hearth bench has it
}

func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// tilde shortens a path below the home folder.
func tilde(path string) string {
	home, err := os.UserHomeDir()
	if rest, ok := strings.CutPrefix(path, home+string(os.PathSeparator)); err == nil && ok {
		return "~" + string(os.PathSeparator) + rest
	}
	return path
}

func (c *command) stopCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "stop [DIR]",
		Short: "End the parked sessions of a workspace, or with --all every one and the daemon",
		Long: `End the parked sessions of the workspace DIR (default: here), or with --all every
parked session and the daemon, and wait until they are gone. A session that an
editor uses ends with its editor.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all && len(args) > 0 {
				return hint.Add(usageError{errors.New("both --all and a folder are given")}, "leave one of them out")
			}
			dir := ""
			if !all {
				var err error
				if dir, err = absDir(dirArg(args)); err != nil {
					return err
				}
			}
			client, err := daemonClient()
			if err != nil {
				return err
			}
			stopped, inUse, err := client.Stop(cmd.Context(), dir)
			if errors.Is(err, daemon.ErrNone) {
				_, err = fmt.Fprintln(c.stdout, "no daemon is running")
				return err
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(c.stdout, "%d parked sessions ended\n", stopped)
			if inUse > 0 {
				fmt.Fprintf(c.stdout, "%d in use, which end with their editors\n", inUse)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "end every parked session, and the daemon")
	return cmd
}

func (c *command) logsCommand() *cobra.Command {
	var follow bool
	cmd := &cobra.Command{
		Use:   "logs",
		Short: "Print the daemon's log",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			place, err := daemon.Find()
			if err != nil {
				return err
			}
			return printLog(cmd.Context(), c.stdout, place.Log(), follow)
		},
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what is written from now on")
	return cmd
}

// printLog copies a log, and what is added to it if it is followed. A log that
// was rotated meanwhile is begun anew.
func printLog(ctx context.Context, w io.Writer, path string, follow bool) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return hint.Add(fmt.Errorf("there is no log %q", path), "the daemon writes it once an editor has started it")
	}
	if err != nil {
		return err
	}
	defer func() { f.Close() }()
	for {
		if _, err := io.Copy(w, f); err != nil || !follow {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(500 * time.Millisecond):
		}
		before, err1 := f.Stat()
		now, err2 := os.Stat(path)
		if err1 == nil && err2 == nil && !os.SameFile(before, now) {
			f.Close()
			if f, err = os.Open(path); err != nil {
				return err
			}
		}
	}
}

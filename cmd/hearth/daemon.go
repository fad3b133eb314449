package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/spf13/cobra"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/procstat"
)

func (c *command) daemonCommand() *cobra.Command {
	var unit bool
	cmd := &cobra.Command{
		Use:   "daemon",
		Short: "Keep gopls sessions warm; started by hearth lsp and hearth warm when needed",
		Long: `Keep loaded gopls sessions between the starts of editors.

Nobody needs to run this by hand: hearth lsp and hearth warm start it. It ends
by itself when it was idle for long. With --print-unit it prints a unit for
systemd, or a property list for launchd on macOS, for those who want it started
when they log in.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if unit {
				return printUnit(c.stdout)
			}
			return c.runDaemon(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&unit, "print-unit", false, "print a systemd user unit, or a launchd property list")
	return cmd
}

// The log is kept small: what happened a week ago helps nobody.
const (
	logMegabytes = 5
	logBackups   = 2
)

func (c *command) runDaemon(ctx context.Context) error {
	place, err := daemon.Find()
	if err != nil {
		return err
	}
	limits, err := limitsFromSettings()
	if err != nil {
		return err
	}
	file := &lumberjack.Logger{Filename: place.Log(), MaxSize: logMegabytes, MaxBackups: logBackups}
	defer file.Close()
	err = daemon.Run(ctx, daemon.Options{Place: place, Log: slog.New(slog.NewTextHandler(file, nil)), Limits: limits})
	if errors.Is(err, daemon.ErrRunning) {
		return nil // whoever started us is served by that one
	}
	return err
}

// limitsFromSettings reads what the user lets sessions cost.
func limitsFromSettings() (l daemon.Limits, err error) {
	read := func(name string, set func(string) error) {
		value := os.Getenv(settings[name])
		if value == "" || err != nil {
			return
		}
		if e := set(value); e != nil {
			err = hint.Add(fmt.Errorf("the setting %s: %w", name, e), "see the settings in the README")
		}
	}
	number := func(to *int) func(string) error {
		return func(s string) (err error) {
			if *to, err = strconv.Atoi(s); err == nil && *to < 0 {
				err = fmt.Errorf("%q is negative", s)
			}
			return err
		}
	}
	l.Spares = defaultSpares()
	read("warm.sessions", number(&l.Sessions))
	read("warm.spares", number(&l.Spares))
	read("warm.memory", func(s string) (err error) { l.Memory, err = parseMemory(s, procstat.Memory()); return err })
	read("warm.hang", func(s string) (err error) { l.Hang, err = time.ParseDuration(s); return err })
	return l, err
}

// defaultSpares is one on a machine where another kubernetes does not hurt.
func defaultSpares() int {
	if procstat.Memory() >= 48<<30 {
		return 1
	}
	return 0
}

// parseMemory reads "25%" of the machine, or a size such as "4GB".
func parseMemory(text string, machine int64) (int64, error) {
	unit, number := float64(1), strings.ToUpper(strings.TrimSpace(text))
	switch {
	case strings.HasSuffix(number, "%"):
		unit, number = float64(machine)/100, strings.TrimSuffix(number, "%")
	case strings.HasSuffix(number, "GB"):
		unit, number = 1e9, strings.TrimSuffix(number, "GB")
	case strings.HasSuffix(number, "MB"):
		unit, number = 1e6, strings.TrimSuffix(number, "MB")
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%q is no size; write 25%%, 4GB or 500MB", text)
	}
	return int64(n * unit), nil
}

// daemonClient speaks to the user's daemon, and starts it if it must.
func daemonClient() (*daemon.Client, error) {
	place, err := daemon.Find()
	if err != nil {
		return nil, err
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return &daemon.Client{Place: place, Command: []string{exe, "daemon"}}, nil
}

// printUnit prints what starts the daemon at login. The idle daemon exits with
// status 0, and is then left alone until an editor starts it.
func printUnit(w io.Writer) error {
	to, err := installPaths()
	if err != nil {
		return err
	}
	return template.Must(template.New("unit").Parse(unitText)).Execute(w, to.hearth)
}

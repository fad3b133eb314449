package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/cachewarm/bench"
	benchreport "github.com/gohearth/hearth/cachewarm/bench/report" // report is main's
	"github.com/gohearth/hearth/internal/atomicfile"
)

// benchReport is how a report is to be shown, and what to compare it with.
type benchReport struct {
	html, svg, gate string // files
	asJSON          bool

	old *benchreport.Report // what gate has; nil: no gate
}

func (b *benchReport) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&b.html, "html", "", "write the report with its plots as one page of HTML to this `file`")
	flags.StringVar(&b.svg, "svg", "", "write a summary as SVG, as for a pull request, to this `file`")
	flags.StringVar(&b.gate, "gate", "", "compare with the earlier report in this JSON `file`: status 1 if something is significantly slower")
	flags.BoolVar(&b.asJSON, "json", false, "print the report, with all samples, as JSON")
}

const benchGateHelp = `
--gate compares with an earlier report, metric by metric, and ends with status 1
if one of them is slower or larger by more than 10 % and that is significant: the
Mann-Whitney U-test over the p50 and p95 of the runs, corrected for the number of
metrics by Holm. If both reports have the same B, what is compared is A/B, so that
a slow day of the machine does not count; else the machines must be the same. Where
nothing could be said, for want of runs or as the reports are of different
things, the status is 2, before anything is measured. The files of --html and
--svg, and the output, are written in any case.`

func (c *command) benchShowCommand() *cobra.Command {
	var b benchReport
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a report of hearth bench lsp again, from its JSON",
		Long: `Show a report of hearth bench lsp again, from the JSON that it wrote with --json:
as a table, as HTML, as SVG, and compared with another.
` + benchGateHelp,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			now, err := benchreport.Read(args[0])
			if err != nil {
				return err
			}
			if err := b.readGate(); err != nil {
				return err
			}
			return c.show(now, &b)
		},
	}
	b.addFlags(cmd.Flags())
	return cmd
}

// readGate reads the earlier report, if there is one.
func (b *benchReport) readGate() (err error) {
	if b.gate != "" {
		b.old, err = benchreport.Read(b.gate)
	}
	return err
}

// ready finds out before anything is measured whether the gate could judge it.
func (b *benchReport) ready(runs int, serverA, serverB *bench.Server) error {
	if b.old == nil {
		return nil
	}
	now := &benchreport.Report{Runs: runs, Machine: benchreport.ThisMachine(), A: benchreport.Server{Command: serverA.Args}}
	if serverB != nil {
		now.B = &benchreport.Server{Command: serverB.Args}
	}
	if err := benchreport.Ready(b.old, now); err != nil {
		return usageError{fmt.Errorf("--gate=%s: %w", b.gate, err)}
	}
	return nil
}

// repeatFlags is the command line that asked for a measurement, without its
// folder and without how its report is shown.
func repeatFlags(cmd *cobra.Command) string {
	words := []string{cmd.CommandPath()}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "json", "html", "svg", "gate":
			return
		}
		value := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), ",") // String is in brackets
		}
		words = append(words, shellWord("--"+f.Name+"="+value))
	})
	return strings.Join(words, " ")
}

// repeat is the command that measures the same as a report again: also the seed
// if it was drawn.
func repeat(flags string, r *benchreport.Report) string {
	if r.Seed != 0 && !strings.Contains(flags, " --seed=") {
		flags += fmt.Sprintf(" --seed=%d", r.Seed)
	}
	return flags + " " + shellWord(r.Dir)
}

// shellWord quotes a word for a shell where it must be.
func shellWord(word string) string {
	const plain = "-_=./,:+@%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !strings.ContainsRune(plain, r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// show writes a report in all ways that were asked for before it says what the
// gate found: who has waited for an hour shall have it.
func (c *command) show(r *benchreport.Report, b *benchReport) error {
	var gate *benchreport.Gate
	var gateErr error
	if b.old != nil {
		if gate, gateErr = benchreport.Compare(b.old, r); gateErr != nil {
			gateErr = fmt.Errorf("--gate=%s: %w", b.gate, gateErr)
		}
	}
	verdicts := c.stdout
	if b.asJSON {
		verdicts = c.stderr // they are no part of the JSON
	}
	for _, err := range []error{
		writeReport(b.html, func(w io.Writer) error { return r.WriteHTML(w, gate) }),
		writeReport(b.svg, func(w io.Writer) error { _, err := w.Write(r.SVG()); return err }),
		c.print(r, b.asJSON),
		gateErr,
	} {
		if err != nil {
			return err
		}
	}
	if gate == nil {
		return nil
	}
	fmt.Fprintf(verdicts, "\nAgainst %s: ", b.gate)
	if err := gate.WriteTable(verdicts); err != nil {
		return err
	}
	if gate.Regressions() > 0 {
		return exitCode(1)
	}
	return nil
}

func (c *command) print(r *benchreport.Report, asJSON bool) error {
	if asJSON {
		return r.WriteJSON(c.stdout)
	}
	return r.WriteTable(c.stdout)
}

// writeReport writes a file unless its name is "".
func writeReport(file string, write func(io.Writer) error) error {
	if file == "" {
		return nil
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := atomicfile.Write(file, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

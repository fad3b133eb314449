package vet

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/gohearth/hearth/analyzers/report"
)

// PassTime is what one pass cost in a run.
type PassTime struct {
	Pass     string        `json:"pass"` // or report.Load
	Time     time.Duration `json:"time"` // in nanoseconds, over all packages
	Packages int           `json:"packages"`
	Slowest  string        `json:"slowest"` // the package that it took longest on
	Longest  time.Duration `json:"longest"` // how long that was
}

// readProfile adds up what the vettool left in dir.
func readProfile(dir string) ([]PassTime, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	times := make(map[string]*PassTime)
	for _, file := range files {
		if err := addTimings(times, filepath.Join(dir, file.Name())); err != nil {
			return nil, fmt.Errorf("reading the profile: %w", err)
		}
	}
	var list []PassTime
	for _, name := range slices.Sorted(maps.Keys(times)) {
		list = append(list, *times[name])
	}
	slices.SortStableFunc(list, func(a, b PassTime) int { return cmp.Compare(b.Time, a.Time) })
	return list, nil
}

func addTimings(times map[string]*PassTime, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	for dec := json.NewDecoder(f); ; {
		var t report.Timing
		if err := dec.Decode(&t); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		p := times[t.Pass]
		if p == nil {
			p = &PassTime{Pass: t.Pass}
			times[t.Pass] = p
		}
		p.Time += t.Time
		p.Packages++
		if t.Time > p.Longest {
			p.Longest, p.Slowest = t.Time, t.Package
		}
	}
}

// WriteProfile writes a table of the passes that took at least a hundredth of
// the time, and one line for the others.
func (r *Report) WriteProfile(w io.Writer) error {
	var total, rest time.Duration
	for _, p := range r.Profile {
		total += p.Time
	}
	if total == 0 {
		_, err := fmt.Fprintln(w, "no package was analysed")
		return err
	}
	share := func(d time.Duration) string { return fmt.Sprintf("%.1f%%", 100*d.Seconds()/total.Seconds()) }
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "pass\ttime\tshare\tpackages\tslowest")
	others := 0
	for _, p := range r.Profile {
		if p.Time < total/100 {
			rest += p.Time
			others++
			continue
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%s (%s)\n", p.Pass, seconds(p.Time), share(p.Time), p.Packages, p.Slowest, seconds(p.Longest))
	}
	fmt.Fprintf(tw, "%d others\t%s\t%s\t\t\n", others, seconds(rest), share(rest))
	fmt.Fprintf(tw, "total\t%s\t\t\t\n", seconds(total))
	return tw.Flush()
}

// The corpora command runs passes over real repositories and counts what they
// find, which is how a pass proves that it can be left on:
//
//	go run ./internal/corpora [-dir DIR] [-only hertz,std] PASS...
//
// It downloads the corpora as modules, copies them to DIR (default: a folder in
// the user's cache), and runs go vet with itself as the vettool. Beside our passes
// it knows xshadow, the shadow of golang.org/x/tools; xshadow.strict is the
// strict form.
//
// The pass all stands for the whole suite. -list prints each finding, -sample N
// prints N of all, drawn with -seed, for somebody to judge; -profile analyses
// everything anew and tells how long each pass took.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	xshadow "golang.org/x/tools/go/analysis/passes/shadow"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/analyzers/vettool"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/vet"
)

// vettoolEnv makes this command a vettool.
const vettoolEnv = "HEARTH_CORPORA_VETTOOL"

func main() {
	if os.Getenv(vettoolEnv) != "" {
		p := &policy.Policy{}
		theirs := *xshadow.Analyzer
		theirs.Name = "xshadow"
		vettool.Main(p, append(analyzers.Suite(p), analyzers.Entry{Analyzer: &theirs, Group: analyzers.XTools, NonDefault: true}))
	}
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "corpora:", err)
		os.Exit(2)
	}
}

// finding is one in a corpus.
type finding struct {
	corpus string
	vet.Diagnostic
}

func (f finding) String() string {
	return fmt.Sprintf("%s/%s:%d:%d: %s (%s)", f.corpus, f.File, f.Line, f.Column, f.Message, f.Analyzer)
}

func run(ctx context.Context) error {
	dir := flag.String("dir", "", "keep the corpora in this `folder`")
	only := flag.String("only", "", "use these corpora alone, comma-separated")
	list := flag.Bool("list", false, "print each finding")
	sample := flag.Int("sample", 0, "print `N` of all findings")
	seed := flag.Uint64("seed", 1, "draw the sample with this seed")
	profile := flag.Bool("profile", false, "print how long each pass took")
	flag.Parse()
	passes := flag.Args()
	switch {
	case len(passes) == 0:
		return fmt.Errorf("name the passes to run, or all")
	case len(passes) == 1 && passes[0] == "all":
		passes = nil
		for _, e := range analyzers.Suite(&policy.Policy{}) {
			passes = append(passes, e.Analyzer.Name)
		}
	}
	if *dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		*dir = filepath.Join(cache, "hearth-corpora")
	}
	var found []finding
	for _, c := range corpora {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), c.name) {
			continue
		}
		start := time.Now()
		report, err := c.vet(ctx, *dir, passes, *profile)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %d findings in %s\n", c.name, len(report.Diagnostics), time.Since(start).Round(time.Second))
		for _, d := range report.Diagnostics {
			found = append(found, finding{c.name, d})
		}
		if *profile {
			if err := report.WriteProfile(os.Stdout); err != nil {
				return err
			}
		}
	}
	if *list {
		for _, f := range found {
			fmt.Println(f)
		}
	}
	if *sample > 0 {
		printSample(found, *sample, *seed)
	}
	return printCounts(found, passes)
}

// printSample prints n findings in their order.
func printSample(found []finding, n int, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	indexes := random.Perm(len(found))[:min(n, len(found))]
	slices.Sort(indexes)
	for _, i := range indexes {
		fmt.Println(found[i])
	}
}

// printCounts prints how many findings each pass has in each corpus.
func printCounts(found []finding, passes []string) error {
	counts := make(map[string]int)
	for _, f := range found {
		counts[f.Analyzer+" "+f.corpus]++
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "pass")
	for _, c := range corpora {
		fmt.Fprint(w, "\t", c.name)
	}
	fmt.Fprintln(w)
	for _, pass := range passes {
		name, _, _ := strings.Cut(pass, ".")
		fmt.Fprint(w, pass)
		for _, c := range corpora {
			fmt.Fprint(w, "\t", counts[name+" "+c.name])
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// vet runs passes over the corpus.
func (c *corpus) vet(ctx context.Context, parent string, passes []string, profile bool) (*vet.Report, error) {
	dir, err := c.prepare(ctx, parent)
	if err != nil {
		return nil, err
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var flags []string
	for _, pass := range passes {
		if name, option, ok := strings.Cut(pass, "."); ok {
			flags = append(flags, "-"+name, "-"+name+"."+option)
		} else {
			flags = append(flags, "-"+pass)
		}
	}
	report, err := vet.Run(ctx, vet.Options{
		Dir: dir, Root: dir, Vettool: exe, Patterns: []string{cmp.Or(c.packages, "./...")}, Flags: flags,
		Env:      append(c.env, vettoolEnv+"=1"),
		Profile:  profile,
		Describe: func(string, string) (severity, url string) { return "", "" },
	})
	if err != nil {
		return nil, err
	}
	for _, e := range report.Errors {
		fmt.Fprintf(os.Stderr, "%s: %s:%d: %s\n", cmp.Or(e.Package, "error"), e.File, e.Line, e.Message)
	}
	return report, nil
}

// The versus command times hearth vet beside golangci-lint, in one run and on the
// same repositories, and writes the table of docs/versus.md:
//
//	go run ./internal/versus -hertz DIR -kubernetes DIR [-write FILE]
//
// The folders are copies that may be written to, as `go run ./internal/corpora`
// leaves them: the policy internal/parity/rules.yaml is laid into them, and one
// file is edited again and again and put back at the end. Both tools start with
// empty caches of their own, the toolchain of hearth built and golangci-lint
// compiled before. Then they run in turns; figures are medians. Memory is that
// of all processes of a run together, looked at 20 times a second, so that a
// tool of many processes has no advantage.
//
// golangci-lint runs govet with shadow and staticcheck's SA and S checks. hearth
// runs those, its own passes, and the twenty rules.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/procstat"
	"github.com/gohearth/hearth/internal/quantile"
)

// golangciVersion is the release that is compared with.
const golangciVersion = "v2.15.0"

// golangciConfig asks for the analyzers that both have.
const golangciConfig = `version: "2"
linters:
  default: none
  enable: [govet, staticcheck]
  settings:
    govet: {enable: [shadow]}
    staticcheck: {checks: ["SA*", "S1*"]}
issues: {max-issues-per-linter: 0, max-same-issues: 0}
`

// A repo is what both tools look at.
type repo struct {
	name     string
	dir      string
	packages string
	edited   string // the file that is changed
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context) error {
	hertz := flag.String("hertz", "", "copy of cloudwego/hertz")
	kubernetes := flag.String("kubernetes", "", "copy of kubernetes")
	policy := flag.String("policy", "internal/parity/rules.yaml", "policy of hearth")
	turns := flag.Int("turns", 5, "warm runs and edits of each tool")
	write := flag.String("write", "", "file to write the table to, beside standard output")
	flag.Parse()
	var repos []repo
	if *hertz != "" {
		repos = append(repos, repo{"hertz `./...`", *hertz, "./...", "pkg/app/context.go"})
	}
	if *kubernetes != "" {
		repos = append(repos, repo{"kubernetes `./pkg/kubelet/...`", *kubernetes, "./pkg/kubelet/...", "pkg/kubelet/kubelet.go"})
	}
	if len(repos) == 0 || flag.NArg() > 0 {
		return errors.New("usage: versus -hertz DIR -kubernetes DIR [-policy FILE] [-turns N] [-write FILE]")
	}
	work, err := os.MkdirTemp("", "versus-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	tools, err := prepare(ctx, work)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| | | hearth vet | golangci-lint %s | ratio |\n|---|---|---|---|---|\n", golangciVersion)
	for _, r := range repos {
		if err := compare(ctx, &b, r, tools, *policy, *turns); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	fmt.Print(b.String())
	if *write == "" {
		return nil
	}
	return atomicfile.Write(*write, []byte(b.String()), 0o644)
}

// A tool is one of the two, as it is started in a repository.
type tool struct {
	name string
	args []string
	env  []string // caches
}

// prepare builds hearth and golangci-lint with the Go in use.
func prepare(ctx context.Context, work string) ([]tool, error) {
	config := filepath.Join(work, "golangci.yml")
	if err := os.WriteFile(config, []byte(golangciConfig), 0o644); err != nil {
		return nil, err
	}
	// Outside of this module golangci-lint is built with what it requires.
	install := exec.CommandContext(ctx, "go", "install", "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@"+golangciVersion)
	install.Dir, install.Env = work, append(os.Environ(), "GOBIN="+work)
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(work, "hearth"), "github.com/gohearth/hearth/cmd/hearth")
	for _, cmd := range []*exec.Cmd{install, build} {
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", cmd, err, out)
		}
	}
	caches := func(name string) []string {
		return []string{"GOCACHE=" + filepath.Join(work, "cache", name, "go"), "GOLANGCI_LINT_CACHE=" + filepath.Join(work, "cache", name, "lint")}
	}
	return []tool{
		{"hearth vet", []string{filepath.Join(work, "hearth"), "vet"}, caches("hearth")},
		{"golangci-lint", []string{filepath.Join(work, "golangci-lint"), "run", "--timeout=2h", "--config=" + config}, caches("golangci")},
	}, nil
}

// compare adds the rows of one repository.
func compare(ctx context.Context, b *strings.Builder, r repo, tools []tool, policy string, turns int) error {
	text, err := os.ReadFile(policy)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(r.dir, "hearth.yaml"), text, 0o644); err != nil {
		return err
	}
	// The toolchain is built as on any machine that was set up.
	build := exec.CommandContext(ctx, tools[0].args[0], "build")
	build.Dir = r.dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", build, err, out)
	}
	edited := filepath.Join(r.dir, filepath.FromSlash(r.edited))
	before, err := os.ReadFile(edited)
	if err != nil {
		return err
	}
	defer os.WriteFile(edited, before, 0o644)

	for _, t := range tools {
		for _, variable := range t.env {
			_, dir, _ := strings.Cut(variable, "=")
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
		}
	}
	phases := []struct {
		name   string
		turns  int
		change func(turn int) error
	}{
		{"empty caches", 1, func(int) error { return nil }},
		{"again", turns, func(int) error { return nil }},
		{"after one edit", turns, func(turn int) error {
			// New text each time: both tools would remember an old one.
			return os.WriteFile(edited, fmt.Appendf(before[:len(before):len(before)], "\nfunc hearthVersus() int { return %d }\n", time.Now().UnixNano()), 0o644)
		}},
	}
	name := r.name
	for _, p := range phases {
		wall, cpu, memory := make([][]float64, 2), make([][]float64, 2), make([][]float64, 2)
		for turn := range p.turns {
			for i := range tools {
				i = (i + turn) % len(tools) // neither is always first
				if err := p.change(turn); err != nil {
					return err
				}
				u, err := measure(ctx, tools[i], r)
				if err != nil {
					return err
				}
				fmt.Fprintf(os.Stderr, "%s, %s, %s: %.2f s, %.2f CPU s, %.0f MB\n", r.name, p.name, tools[i].name, u.wall, u.cpu, u.memory)
				wall[i], cpu[i], memory[i] = append(wall[i], u.wall), append(cpu[i], u.cpu), append(memory[i], u.memory)
			}
		}
		row(b, name, p.name, "%.2f s", wall)
		row(b, "", p.name+", of all processors", "%.2f s", cpu)
		row(b, "", p.name+", peak memory", "%.0f MB", memory)
		name = ""
	}
	return nil
}

// row writes the medians of both tools and how they relate.
func row(b *strings.Builder, name, what, format string, samples [][]float64) {
	var m [2]float64
	for i, s := range samples {
		slices.Sort(s)
		m[i] = quantile.NearestRank(s, 50)
	}
	fmt.Fprintf(b, "| %s | %s | "+format+" | "+format+" | %.2f |\n", name, what, m[0], m[1], m[0]/m[1])
}

// usage is what one run took: seconds, seconds of all processors, megabytes.
type usage struct{ wall, cpu, memory float64 }

// measure runs a tool once. Findings are no failure; a run that could not take
// place is.
func measure(ctx context.Context, t tool, r repo) (usage, error) {
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, t.args[0], append(t.args[1:len(t.args):len(t.args)], r.packages)...)
	cmd.Dir, cmd.Env, cmd.Stderr = r.dir, append(os.Environ(), t.env...), &stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, err
	}
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				peak <- most
				return
			case <-tick.C:
				if u, err := procstat.Tree(cmd.Process.Pid); err == nil {
					most = max(most, u.RSS)
				}
			}
		}
	}()
	err := cmd.Wait()
	wall := time.Since(start)
	close(done)
	memory := <-peak
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != 1) {
		return usage{}, fmt.Errorf("%s: %w\n%s", cmd, err, stderr.String())
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return usage{wall.Seconds(), cpu.Seconds(), float64(memory) / (1 << 20)}, nil
}

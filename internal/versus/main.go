// The versus command times hearth vet beside golangci-lint, in one run and on the
// same repositories, and writes the tables of docs/versus.md:
//
//	go run ./internal/versus -hertz DIR -kubernetes DIR -write docs/versus.md
//	go run ./internal/versus -rules 200 -kubernetes DIR -write docs/versus.md
//
// The second form times hearth vet beside itself: without rules, and with so many.
//
// The folders are copies that may be written to, as `go run ./internal/corpora`
// leaves them: the policy internal/parity/rules.yaml is laid into them, and one
// file is edited again and again and put back at the end. Both tools start with
// empty caches of their own, the toolchain of hearth built and golangci-lint
// compiled before. Then they run in turns; figures are medians. Memory is that
// of the largest process, and that of all processes of a run together, looked at
// 20 times a second.
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
	rules := flag.Int("rules", 0, "compare hearth without rules and with so many of them")
	turns := flag.Int("turns", 5, "warm runs and edits of each tool")
	write := flag.String("write", "", "page to write the table into, beside standard output")
	flag.Parse()
	var repos []repo
	part := "./pkg/kubelet/..."
	if *rules > 0 {
		part = "./..."
	}
	if *hertz != "" {
		repos = append(repos, repo{"hertz `./...`", *hertz, "./...", "pkg/app/context.go"})
	}
	if *kubernetes != "" {
		repos = append(repos, repo{"kubernetes `" + part + "`", *kubernetes, part, "pkg/kubelet/kubelet.go"})
	}
	if len(repos) == 0 || flag.NArg() > 0 {
		return errors.New("usage: versus -hertz DIR -kubernetes DIR [-rules N] [-policy FILE] [-turns N] [-write FILE]")
	}
	work, err := os.MkdirTemp("", "versus-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	text, err := os.ReadFile(*policy)
	if err != nil {
		return err
	}
	var tools [2]tool
	if *rules > 0 {
		tools, err = policies(ctx, work, string(text), *rules)
	} else {
		tools, err = linters(ctx, work, string(text))
	}
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| | | %s | %s | ratio |\n|---|---|---|---|---|\n", tools[0].name, tools[1].name)
	for _, r := range repos {
		if err := compare(ctx, &b, r, tools, *turns); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	fmt.Print(b.String())
	if *write == "" {
		return nil
	}
	name := "golangci-lint"
	if *rules > 0 {
		name = "rules"
	}
	page, err := os.ReadFile(*write)
	if err != nil {
		return err
	}
	if page, err = insert(page, name, b.String()); err != nil {
		return fmt.Errorf("%s: %w", *write, err)
	}
	return atomicfile.Write(*write, page, 0o644)
}

// insert puts a table into a page, in place of what is between the comments
// "table NAME" and "end".
func insert(page []byte, name, table string) ([]byte, error) {
	start, end := "<!-- table "+name+" -->\n", "<!-- end -->"
	before, rest, found := strings.Cut(string(page), start)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return nil, fmt.Errorf("no %q with an %q behind it", strings.TrimSpace(start), end)
	}
	return []byte(before + start + table + end + after), nil
}

// A tool is one of the two, as it is started in a repository.
type tool struct {
	name   string
	args   []string
	env    []string // caches
	policy string   // hearth.yaml
}

// caches are settings that give a tool caches of its own.
func caches(work, name string) []string {
	return []string{"GOCACHE=" + filepath.Join(work, "cache", name, "go"), "GOLANGCI_LINT_CACHE=" + filepath.Join(work, "cache", name, "lint")}
}

// buildHearth builds hearth, and returns how to vet with a policy.
func buildHearth(ctx context.Context, work, name, policy string) (tool, error) {
	exe := filepath.Join(work, "hearth")
	_, err := output(exec.CommandContext(ctx, "go", "build", "-o", exe, "github.com/gohearth/hearth/cmd/hearth"))
	return tool{name, []string{exe, "vet"}, caches(work, name), policy}, err
}

// linters prepares hearth and golangci-lint with the Go in use.
func linters(ctx context.Context, work, policy string) (tools [2]tool, err error) {
	if tools[0], err = buildHearth(ctx, work, "hearth vet", policy); err != nil {
		return tools, err
	}
	config := filepath.Join(work, "golangci.yml")
	if err := os.WriteFile(config, []byte(golangciConfig), 0o644); err != nil {
		return tools, err
	}
	// Outside of this module golangci-lint is built with what it requires.
	install := exec.CommandContext(ctx, "go", "install", "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@"+golangciVersion)
	install.Dir, install.Env = work, append(os.Environ(), "GOBIN="+work)
	if _, err := output(install); err != nil {
		return tools, err
	}
	run := []string{filepath.Join(work, "golangci-lint"), "run", "--timeout=2h", "--config=" + config}
	tools[1] = tool{"golangci-lint " + golangciVersion, run, caches(work, "golangci"), policy}
	return tools, nil
}

// policies prepares hearth with n rules, and hearth without.
func policies(ctx context.Context, work, policy string, n int) (tools [2]tool, err error) {
	for i, count := range []int{n, 0} {
		text, err := manyRules(policy, count)
		if err != nil {
			return tools, err
		}
		if tools[i], err = buildHearth(ctx, work, fmt.Sprintf("hearth vet, %d rules", count), text); err != nil {
			return tools, err
		}
	}
	return tools, nil
}

// output runs a command that has to succeed.
func output(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return out, nil
}

// compare adds the rows of one repository.
func compare(ctx context.Context, b *strings.Builder, r repo, tools [2]tool, turns int) error {
	for _, t := range tools {
		if filepath.Base(t.args[0]) == "hearth" {
			// The toolchain is built as on any machine that was set up.
			if err := t.lay(r); err != nil {
				return err
			}
			build := exec.CommandContext(ctx, t.args[0], "build")
			build.Dir = r.dir
			if _, err := output(build); err != nil {
				return err
			}
		}
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
		var wall, cpu, largest, memory [2][]float64
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
				fmt.Fprintf(os.Stderr, "%s, %s, %s: %.2f s, %.2f CPU s, %.0f of %.0f MB\n", r.name, p.name, tools[i].name, u.wall, u.cpu, u.largest, u.memory)
				wall[i], cpu[i] = append(wall[i], u.wall), append(cpu[i], u.cpu)
				largest[i], memory[i] = append(largest[i], u.largest), append(memory[i], u.memory)
			}
		}
		row(b, name, p.name, "%.2f s", wall)
		row(b, "", p.name+", of all processors", "%.2f s", cpu)
		row(b, "", p.name+", memory of the largest process", "%.0f MB", largest)
		row(b, "", p.name+", memory of all processes", "%.0f MB", memory)
		name = ""
	}
	return nil
}

// row writes the medians of both tools and how they relate.
func row(b *strings.Builder, name, what, format string, samples [2][]float64) {
	var m [2]float64
	for i, s := range samples {
		slices.Sort(s)
		m[i] = quantile.NearestRank(s, 50)
	}
	fmt.Fprintf(b, "| %s | %s | "+format+" | "+format+" | %.2f |\n", name, what, m[0], m[1], m[0]/m[1])
}

// usage is what one run took: seconds, seconds of all processors, megabytes of
// the largest process and of all at once.
type usage struct{ wall, cpu, largest, memory float64 }

// lay puts the policy of the tool into the repository.
func (t tool) lay(r repo) error {
	return os.WriteFile(filepath.Join(r.dir, "hearth.yaml"), []byte(t.policy), 0o644)
}

// measure runs a tool once. Findings are no failure; a run that could not take
// place is.
func measure(ctx context.Context, t tool, r repo) (usage, error) {
	if err := t.lay(r); err != nil {
		return usage{}, err
	}
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
	return usage{wall.Seconds(), cpu.Seconds(), largest(cmd.ProcessState), float64(memory) / (1 << 20)}, nil
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestCIFiles runs the commands of docs/ci/*.yml as the two services would: for
// a change of a repository that had a finding before, and for its main branch.
func TestCIFiles(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the commands are for a shell")
	}
	for _, tt := range []struct {
		file, branch string // branch: the variable that names what a change is for
		report       string
		commands     func(t *testing.T, data []byte) []string
	}{
		{"github.yml", "GITHUB_BASE_REF", "hearth.sarif", githubCommands},
		{"gitlab.yml", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "gl-code-quality.json", gitlabCommands},
	} {
		t.Run(tt.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "..", "docs", "ci", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			commands := tt.commands(t, data)
			dir := changedRepo(t)

			out, status := runCommands(t, dir, commands, tt.branch+"=main")
			if status != 1 || !strings.Contains(out, "b.go") || strings.Contains(out, "a.go") {
				t.Errorf("a change: status %d, want 1 for b.go alone\n%s", status, out)
			}
			if report, err := os.ReadFile(filepath.Join(dir, tt.report)); err != nil || !strings.Contains(string(report), "shadow") {
				t.Errorf("the report: %v\n%s", err, report)
			}

			out, status = runCommands(t, dir, commands, tt.branch+"=")
			if status != 1 || !strings.Contains(out, "a.go") {
				t.Errorf("the main branch: status %d, want 1 for a.go too\n%s", status, out)
			}
		})
	}
}

func githubCommands(t *testing.T, data []byte) []string {
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Run string }
		}
	}
	if err := yaml.Unmarshal(data, &workflow); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, step := range workflow.Jobs["vet"].Steps {
		if step.Run != "" {
			all = append(all, step.Run)
		}
	}
	return all
}

func gitlabCommands(t *testing.T, data []byte) []string {
	var pipeline map[string]struct{ Script []string }
	if err := yaml.Unmarshal(data, &pipeline); err != nil {
		t.Fatal(err)
	}
	return pipeline["hearth"].Script
}

// changedRepo returns a clone on a branch that adds b.go to a.go. Both have a
// finding.
func changedRepo(t *testing.T) string {
	t.Helper()
	home := realDir(t)
	for name, value := range userEnv(t, home) {
		t.Setenv(name, value)
	}
	t.Cleanup(func() { endDaemon(t, home) })
	origin, dir := filepath.Join(home, "origin"), filepath.Join(home, "clone")
	git := func(in string, args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", in, "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	const shadowing = "import \"os\"\n\nfunc NAME(path string) ([]byte, error) {\n\tvar data []byte\n\tvar err error\n\tif path != \"\" {\n" +
		"\t\tdata, err := os.ReadFile(path)\n\t\tif err != nil {\n\t\t\treturn nil, err\n\t\t}\n\t\t_ = data\n\t}\n\treturn data, err\n}\n"
	writeFiles(t, origin, "go.mod", "module example.com/m\n\ngo 1.26\n", "hearth.yaml", "version: 1\n",
		"a.go", "package m\n\n"+strings.ReplaceAll(shadowing, "NAME", "A"))
	git(origin, "init", "--quiet", "--initial-branch=main")
	git(origin, "add", ".")
	git(origin, "commit", "--quiet", "-m", "main")
	git(home, "clone", "--quiet", origin, dir)
	git(dir, "checkout", "--quiet", "-b", "change")
	writeFiles(t, dir, "b.go", "package m\n\n"+strings.ReplaceAll(shadowing, "NAME", "B"))
	git(dir, "add", ".")
	git(dir, "commit", "--quiet", "-m", "change")
	return dir
}

// runCommands runs commands in a shell until one fails. The hearth that is
// being tested is on PATH already, in place of the one that is to be installed.
func runCommands(t *testing.T, dir string, commands []string, env ...string) (out string, status int) {
	t.Helper()
	vetted := false
	for _, command := range commands {
		if strings.HasPrefix(command, "go install ") {
			continue
		}
		vetted = vetted || strings.HasPrefix(command, "hearth vet")
		cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", command)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		b, err := cmd.CombinedOutput()
		out += string(b)
		if err != nil {
			return out, cmd.ProcessState.ExitCode()
		}
	}
	if !vetted {
		t.Error("no command is hearth vet")
	}
	return out, 0
}

package format

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/hmarr/codeowners"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/vet"
)

// Nobody owns what nobody has claimed.
const Nobody = "nobody"

// Owners returns who is to be asked about a finding: the owner of the rule that
// found it, or else the owners of the file by the repository's CODEOWNERS, or
// else [Nobody]. The findings are those of a workspace with the given root.
func Owners(repo, root string, rules []Rule) (func(*vet.Diagnostic) string, error) {
	files, err := readCodeowners(repo)
	if err != nil {
		return nil, err
	}
	ofRule := make(map[[2]string]string)
	for _, r := range rules {
		ofRule[[2]string{r.Analyzer, r.ID}] = r.Owner
	}
	in := &Input{Repo: repo, Root: root}
	return func(d *vet.Diagnostic) string {
		if owner := ofRule[[2]string{d.Analyzer, ruleID(d)}]; owner != "" {
			return owner
		}
		rule, err := files.Match(in.repoPath(d.File))
		if err != nil || rule == nil || len(rule.Owners) == 0 {
			return Nobody
		}
		var names []string
		for _, o := range rule.Owners {
			names = append(names, o.String())
		}
		return strings.Join(names, ", ")
	}, nil
}

// codeownersPlaces are where GitHub and GitLab look, in their order.
var codeownersPlaces = []string{".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

// readCodeowners reads the first CODEOWNERS of the repository, if there is one.
// The library's own search starts in the working folder, and runs git.
func readCodeowners(repo string) (codeowners.Ruleset, error) {
	for _, name := range codeownersPlaces {
		path := filepath.Join(repo, filepath.FromSlash(name))
		rules, err := codeowners.LoadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, hint.Add(fmt.Errorf("reading %s: %w", path, err), "mend the file: the owners of findings are taken from it")
		}
		return rules, nil
	}
	return nil, nil
}

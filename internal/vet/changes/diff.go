package changes

import (
	"fmt"
	"strconv"
	"strings"
)

// parse returns the lines that a diff without context adds, by file.
//
// A hunk's body is stepped over by the counts in its header, so that no line of
// code can look like a header.
func parse(diff string) (map[string][]span, error) {
	files := make(map[string][]span)
	file := ""
	skip := 0 // lines of the hunk that are still to come
	for line := range strings.Lines(diff) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, `\`): // "\ No newline at end of file"
		case skip > 0:
			skip--
		case strings.HasPrefix(line, "diff "):
			file = ""
		case strings.HasPrefix(line, "+++ "):
			file = newName(line[len("+++ "):])
		case strings.HasPrefix(line, "@@ "):
			removed, added, err := hunk(line)
			if err != nil {
				return nil, err
			}
			skip = removed.count + added.count
			if file != "" && added.count > 0 {
				files[file] = append(files[file], span{added.first, added.first + added.count - 1})
			}
		}
	}
	return files, nil
}

// newName returns the name in a "+++" line, or "" for a file that is gone. git
// ends a name that holds a blank with a tab, and quotes one that holds worse.
func newName(s string) string {
	if strings.HasPrefix(s, `"`) {
		if unquoted, err := strconv.Unquote(s); err == nil {
			s = unquoted
		}
	} else {
		s = strings.TrimSuffix(s, "\t")
	}
	name, ok := strings.CutPrefix(s, "b/")
	if !ok {
		return "" // /dev/null
	}
	return name
}

type lines struct{ first, count int }

// hunk reads "@@ -1,2 +3,4 @@", where a count of one is left out.
func hunk(header string) (removed, added lines, err error) {
	fields := strings.Fields(header)
	if len(fields) < 4 {
		return lines{}, lines{}, fmt.Errorf("git diff: unexpected line %q", header)
	}
	for i, to := range []*lines{&removed, &added} {
		first, count, counted := strings.Cut(strings.TrimLeft(fields[i+1], "-+"), ",")
		if !counted {
			count = "1"
		}
		var err1, err2 error
		to.first, err1 = strconv.Atoi(first)
		to.count, err2 = strconv.Atoi(count)
		if err1 != nil || err2 != nil || to.first < 0 || to.count < 0 {
			return lines{}, lines{}, fmt.Errorf("git diff: unexpected line %q", header)
		}
	}
	return removed, added, nil
}

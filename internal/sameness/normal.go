package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/gohearth/hearth/internal/lsp"
)

// normal returns JSON in a form that is equal for answers that mean the same.
func normal(data json.RawMessage) string {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return string(data)
	}
	return indent(canonical(v))
}

// canonical sorts the lists of objects: gopls collects them from maps and
// goroutines, and editors sort them by place, or by their sortText. Lists of
// numbers and strings, such as semantic tokens, mean something in order.
func canonical(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = canonical(value)
		}
		if message, ok := v["message"].(string); ok {
			v["message"] = qualifier.ReplaceAllString(message, "$1.")
		}
		// Semantic tokens are named after the time; nobody asks for them again
		// by that name.
		if _, ok := v["resultId"]; ok {
			v["resultId"] = "an id"
		}
		// The first argument of these commands is the number of a view, which
		// gopls counts up as it reloads.
		if args, ok := v["arguments"].([]any); ok && len(args) > 0 && ofView[fmt.Sprint(v["command"])] {
			args[0] = "a view"
		}
		return v
	case []any:
		objects := true
		for i := range v {
			v[i] = canonical(v[i])
			_, ok := v[i].(map[string]any)
			objects = objects && ok
		}
		if objects {
			slices.SortFunc(v, func(a, b any) int { return cmp.Compare(indent(a), indent(b)) })
			v = distinct(v)
		}
		return v
	}
	return v
}

// distinct removes the findings from a sorted list that repeat another one, or one of
// another platform that is found on the default one too. gopls itself lists these once;
// see [qualifier] for what it takes for two.
func distinct(list []any) []any {
	listed := make(map[string]int)
	for _, v := range list {
		if isFinding(v) {
			listed[indent(v)]++
		}
	}
	return slices.DeleteFunc(list, func(v any) bool {
		if !isFinding(v) {
			return false
		}
		text := indent(v)
		if listed[text]--; listed[text] > 0 {
			return true
		}
		finding := maps.Clone(v.(map[string]any))
		finding["message"] = platform.ReplaceAllString(fmt.Sprint(finding["message"]), "")
		plain := indent(finding)
		_, known := listed[plain]
		return known && plain != text
	})
}

func isFinding(v any) bool {
	_, ok := v.(map[string]any)["message"].(string)
	return ok
}

// platform is what gopls puts behind the message of a finding that it has only of another
// platform than its own.
var platform = regexp.MustCompile(` \[[a-z0-9,]+\]$`)

// qualifier is the path of a package in a message of go/types. It stands for the name
// where more than one package is called so among those that are reached by imports. These
// are more where gopls has type-checked a package than where it has read what it stored of
// it, in which are only those that its declarations mention: a gopls of any release that has
// just been started says one and then the other of the same text. Where a file is of two
// packages, or is looked at for two platforms, it may say both, and so list one finding
// twice.
var qualifier = regexp.MustCompile(`"(?:[^"\s]*/)?([^"\s/]+)"\.`)

// ofView are the commands that name a view, which nothing else tells apart from
// other strings.
var ofView = map[string]bool{
	"gopls.assembly": true, "gopls.free_symbols": true, "gopls.split_package": true,
}

// plain returns the message of an error. gopls checks a renaming in each package
// that it may concern, in the order of a map, and tells of the first obstacle.
func plain(method, message string) string {
	if method == "textDocument/rename" {
		return "cannot be renamed"
	}
	return message
}

// maxSymbols is how many gopls returns. Which ones of more, all of the same
// score, depends on the order of a map.
const maxSymbols = 100

// normalSymbols is normal for workspace/symbol.
func normalSymbols(data json.RawMessage) string {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil && len(list) == maxSymbols {
		return "too many symbols"
	}
	return normal(data)
}

// leaveOutMisplaced removes from the diagnostics of both sides the documents that are
// misplaced in one of them, and returns which these were.
//
// Where a package is gone and several import it, go list may blame a file of theirs, and
// go/packages takes that for a file of the package that is gone, in which no import is
// known and no other file either (golang/go#59433). Which file it is, if any, depends on
// the packages that are loaded together: all of them in a gopls that has just been
// started, a few in one that has followed an edit, by whoever it is used.
func leaveOutMisplaced(a, b map[lsp.URI]string) (uris []lsp.URI) {
	for uri := range a {
		if misplaced(a[uri], b[uri]) || misplaced(b[uri], a[uri]) {
			delete(a, uri)
			delete(b, uri)
			uris = append(uris, uri)
		}
	}
	slices.Sort(uris)
	return uris
}

// misplaced reports whether some of these are the findings of a document in a package
// that is gone, where right has those in its own: it does import such a package. gopls
// loads each platform by itself, so that one of them may be right and another not.
func misplaced(findings, right string) bool {
	if !strings.Contains(right, `(no required module provides package \"`) {
		return false
	}
	known := make(map[string]bool) // platforms that are misplaced in right too
	for _, m := range noMetadata.FindAllStringSubmatch(right, -1) {
		known[m[1]] = true
	}
	for _, m := range noMetadata.FindAllStringSubmatch(findings, -1) {
		if !known[m[1]] {
			return true
		}
	}
	return false
}

// noMetadata is the end of a message in JSON, with the platform, if any.
var noMetadata = regexp.MustCompile(`\(missing metadata for import of \\"[^"]*\\"\)( \[[a-z0-9,]+\])?"`)

func indent(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return b.String()
}

// maxShown bounds the diff of one step.
const maxShown = 3000

// compare prints what differs between the sides and counts it.
func compare(warm, fresh []outcome) (differ int) {
	for i := range min(len(warm), len(fresh)) {
		a, b := warm[i], fresh[i]
		if a.about != b.about { // one side lists more, and is asked more
			fmt.Printf("step %d is %q in the session and %q in a fresh gopls; the rest is not comparable\n", i+1, a.about, b.about)
			return differ + 1
		}
		for _, uri := range leaveOutMisplaced(a.diagnostics, b.diagnostics) {
			fmt.Printf("step %d: left out %s, which one side counts to a package that is gone\n", i+1, uri)
		}
		before, after := b.text(), a.text()
		if before == after {
			continue
		}
		differ++
		diff := udiff.Unified("fresh gopls", "session", before, after)
		if len(diff) > maxShown {
			diff = diff[:maxShown] + "...\n"
		}
		fmt.Printf("step %d: %s\n%s", i+1, a.about, diff)
	}
	if len(warm) != len(fresh) {
		differ++
		fmt.Printf("%d steps in the session and %d in a fresh gopls\n", len(warm), len(fresh))
	}
	return differ
}

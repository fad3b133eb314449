package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
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

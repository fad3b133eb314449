package goplsconfig

import (
	"fmt"
	"slices"
	"strings"
)

// editorSettings takes over what the settings of an editor say about gopls.
// The extension for VS Code derives some settings of gopls from its own; what
// "gopls" says itself goes first, as it does there.
func (im *importer) editorSettings(members []member) {
	for _, m := range members {
		if m.name != "gopls" && m.name != "go.goplsOptions" { // the second is coc's
			continue
		}
		inner, ok := im.members(m.value)
		if !ok {
			im.out.Notes.add(m.at, "", "%q is no object", m.name)
		}
		if len(inner) > 0 {
			inner[0].comments = append(m.comments, inner[0].comments...)
		}
		for _, s := range inner {
			im.setting(s)
		}
	}
	for _, m := range members {
		switch {
		case strings.HasPrefix(m.name, "gopls."):
			im.setting(m)
		case strings.HasPrefix(m.name, "go.inlayHints."):
			im.derive("hints", ordered{{name: shortName(m.name), value: im.value(m.value)}}, m)
		case strings.HasPrefix(m.name, "go.") && m.name != "go.goplsOptions":
			im.goSetting(m)
		}
	}
}

// goSetting takes over a setting of the extension for VS Code that gopls, or
// hearth in its place, has an equivalent for.
func (im *importer) goSetting(m member) {
	value := im.value(m.value)
	text := fmt.Sprint(value)
	note := func(hint, format string, args ...any) { im.out.Notes.add(m.at, hint, format, args...) }
	switch m.name {
	case "go.buildFlags":
		im.derive("buildFlags", value, m)
	case "go.buildTags":
		if text != "" {
			im.derive("buildFlags", []any{"-tags=" + text}, m)
		}
	case "go.toolsEnvVars":
		im.derive("env", value, m)
	case "go.diagnostic.vulncheck":
		im.derive("vulncheck", value, m)
	case "go.formatTool":
		if text == "gofumpt" {
			im.derive("gofumpt", true, m)
		} else {
			note("", "%q is left to the editor", m.name)
		}
	case "go.lintTool":
		switch text {
		case "staticcheck":
			im.enable = append(im.enable, imported{comments: m.comments, name: groupStaticcheck})
			note("remove it from the editor, or each finding is shown twice", "%q became the analyzers of staticcheck", m.name)
		default:
			note("hearth does not run it; whether both stay is yours to decide", "%q is left to the editor", m.name)
		}
	case "go.lintOnSave", "go.lintFlags", "go.vetOnSave", "go.vetFlags":
		note("gopls and \"hearth vet\" do its work", "%q is not needed any more", m.name)
	default:
		note("", "%q is left to the editor", m.name)
	}
}

// derive adds a setting of gopls that the file states under another name.
// Lists and mappings add to those that are there.
func (im *importer) derive(name string, value any, m member) {
	i := slices.IndexFunc(im.gopls, func(e imported) bool { return e.name == name && !e.off })
	if i < 0 {
		im.gopls = append(im.gopls, imported{m.comments, name, value, false})
		return
	}
	e := &im.gopls[i]
	switch old := e.value.(type) {
	case []any:
		if list, ok := value.([]any); ok {
			e.value = append(old, list...)
			e.comments = append(e.comments, m.comments...)
			return
		}
	case ordered:
		if add, ok := value.(ordered); ok {
			e.value = old.with(add)
			e.comments = append(e.comments, m.comments...)
			return
		}
	}
	im.out.Notes.add(m.at, "gopls's own setting stays", "%q sets %s a second time", m.name, name)
}

// with returns the mapping with what add has in addition.
func (o ordered) with(add ordered) ordered {
	out := slices.Clone(o)
	for _, e := range add {
		if !slices.ContainsFunc(o, func(f imported) bool { return f.name == e.name }) {
			out = append(out, e)
		}
	}
	return out
}

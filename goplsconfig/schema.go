package goplsconfig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// object is a JSON object. encoding/json sorts its keys, so that equal schemas
// have equal bytes.
type object map[string]any

// Schema returns the JSON Schema (draft 7, which is what editors read) of
// hearth.yaml for this gopls. It knows less than [Source.Check]: a name that
// matches by pattern, say, is not looked up.
func Schema(api *API) []byte {
	schema := object{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"title":       "hearth.yaml",
		"description": "The policy of a repository: what every Go editor shows and what CI rejects.",
		"definitions": object{
			"severity": object{"enum": policy.Severities},
			"analyzer": analyzerSchema(api),
			"patterns": object{"anyOf": []any{textSchema, listOf(textSchema)}},
			"names":    object{"anyOf": []any{textSchema, listOf(textSchema)}},
			"examples": exampleSchema(),
		},
	}
	addObject(schema, object{
		"version":   object{"const": 1, "description": "The version of this format."},
		"extends":   described(listOf(extendSchema()), "Policies that this one builds on: files, relative to this one, and files of modules. Later ones win, this file over all."),
		"gopls":     settingsSchema(api),
		"analyzers": analyzersSchema(api),
		"rules":     described(listOf(ruleSchema()), "The team's own rules. They merge with inherited rules by id."),
		"suppress":  suppressSchema(),
		"warm": newObject("What is loaded before an editor asks for it.", object{
			"packages": described(ref("patterns"), "Package patterns, relative to this file."),
		}),
		"vet": newObject("How \"hearth vet\" judges.", object{
			"tests":    object{"type": "boolean", "description": "Whether test files are checked."},
			"fail-on":  described(ref("severity"), "The mildest severity that makes it fail."),
			"baseline": described(textSchema, "A file of findings that do not count, relative to the workspace root; hearth vet --write-baseline writes it."),
			"matrix":   described(listOf(matrixSchema()), "The builds for which hearth vet --matrix analyses packages."),
		}),
		"cache": newObject("With whom \"hearth vet\" shares its work.", object{
			"remote": described(nullable(object{"type": "string", "pattern": "^https?://[^@?#]+$"}),
				"The URL of a gocached server. It is used once the workspace is trusted."),
		}),
	})
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(schema); err != nil {
		panic(fmt.Sprintf("goplsconfig: encoding the schema: %v", err)) // plain data; cannot fail
	}
	return buf.Bytes()
}

var textSchema = object{"type": "string", "minLength": 1}

func ref(name string) object { return object{"$ref": "#/definitions/" + name} }

// listOf returns the schema of a list, which may be empty as null.
func listOf(item object) object {
	return object{"type": []string{"array", "null"}, "items": item}
}

// described adds a description. A $ref swallows its neighbours in draft 7, so
// one is wrapped.
func described(o object, text string) object {
	out := object{"description": text}
	if _, ok := o["$ref"]; ok {
		out["allOf"] = []any{o}
		return out
	}
	for k, v := range o {
		out[k] = v
	}
	return out
}

// newObject returns the schema of a mapping with these keys alone, each of
// which may be null to unset it.
func newObject(description string, properties object) object {
	o := object{"description": description}
	addObject(o, properties)
	return o
}

func addObject(o, properties object) {
	o["type"] = []string{"object", "null"}
	o["properties"] = properties
	o["additionalProperties"] = false
}

// nullable lets a value be unset.
func nullable(o object) object { return object{"anyOf": []any{o, object{"type": "null"}}} }

// analyzerSchema accepts a name, a group or a glob.
func analyzerSchema(api *API) object {
	names := append([]string(nil), Groups...)
	names = append(names, api.analyzerNames()...)
	return object{"anyOf": []any{
		object{"enum": names},
		object{"type": "string", "pattern": `[*?\[]`},
	}}
}

func analyzersSchema(api *API) object {
	severities := object{}
	for _, a := range api.Analyzers {
		severities[a.Name] = described(nullable(ref("severity")), analyzerSummary(a))
	}
	text := func(description string) object { return described(textSchema, description) }
	plugin := newObject("An analyzer that is linked into gopls and the vettool.", object{
		"import":  text("The path of the package that holds the analyzer."),
		"version": text("The version of its module, such as v1.2.3."),
		"path":    text("Instead of version: the folder of its module, relative to this file."),
		"var":     text("The variable, if it is not Analyzer."),
	})
	plugin["required"] = []string{"import"}
	return newObject("Which analyzers run, by name, glob (SA*) or group ("+strings.Join(Groups, ", ")+"). Names beat globs, globs beat groups, disable beats enable.", object{
		"enable":  listOf(ref("analyzer")),
		"disable": listOf(ref("analyzer")),
		"severity": object{
			"description":          "How the findings of an analyzer rank.",
			"type":                 []string{"object", "null"},
			"properties":           severities,
			"additionalProperties": nullable(ref("severity")),
		},
		"shadow-ignore": described(ref("patterns"), "Variables that shadow, shadowpkgvar, shadowimport and shadowbuiltin leave alone, such as ctx."),
		"plugins":       listOf(plugin),
	})
}

func extendSchema() object {
	text := func(description string) object { return described(textSchema, description) }
	m := newObject("A policy file of a module, which the go command fetches.", object{
		"module":  text("The path of the module."),
		"version": text("Its exact version, such as v1.2.3."),
		"file":    text("The path of the file within the module (default hearth.yaml)."),
	})
	m["required"] = []string{"module", "version"}
	return object{"anyOf": []any{textSchema, m}}
}

func ruleSchema() object {
	properties, kinds := object{}, []any{}
	for _, k := range ruleKeys() {
		properties[k.Name] = described(k.schema, k.Doc)
	}
	for _, name := range kindNames() {
		kinds = append(kinds, object{"required": []string{name}})
	}
	rule := newObject("One rule. One of "+strings.Join(kindNames(), ", ")+" says what it is about.", properties)
	rule["required"] = []string{"id"}
	rule["oneOf"] = append(kinds, object{"not": object{"anyOf": kinds}}) // none where it changes an inherited rule
	return rule
}

func matrixSchema() object {
	return newObject("A build. What it leaves out is that of the machine and of gopls.buildFlags.", object{
		"goos":   described(object{"enum": slices.Sorted(maps.Keys(platforms))}, "The operating system."),
		"goarch": described(textSchema, "The processor."),
		"tags":   described(ref("patterns"), "The build tags, in place of those of gopls.buildFlags."),
		"cgo":    object{"type": "boolean", "description": "Whether cgo is on (default: off for another goos or goarch than that of the machine)."},
	})
}

func suppressSchema() object {
	text := func(description string) object { return described(textSchema, description) }
	exception := newObject("Findings that somebody answers for until a day.", object{
		"analyzers": described(ref("patterns"), "Names of analyzers, ids of rules, globs or groups."),
		"in":        described(ref("patterns"), "The packages that it is for; all, if empty. ./ is the folder of this file."),
		"files":     described(ref("patterns"), "The files that it is for, by patterns of their own names; all, if empty."),
		"reason":    text("Why the findings are no reason to change the code."),
		"owner":     text("Who answers for it."),
		"expires":   described(object{"type": "string", "pattern": `^(never|\d{4}-\d\d-\d\d)$`}, "Its last day, such as 2027-03-31, or never."),
	})
	exception["required"] = exceptionMust
	return newObject("How findings may be silenced.", object{
		"inline":         object{"type": "boolean", "description": "Whether //nolint and //lint:ignore comments suppress findings (default true)."},
		"require-reason": object{"type": "boolean", "description": "Whether such a comment has to give a reason (default true)."},
		"exceptions":     listOf(exception),
	})
}

// settingsSchema describes each setting of gopls.
func settingsSchema(api *API) object {
	properties := object{}
	for _, o := range api.settings() {
		s := object{"anyOf": []any{o.schema(api), object{"type": "null"}}}
		s["description"] = strings.TrimSpace(o.Doc)
		if v := o.defaultValue(); v != nil {
			s["default"] = v
		}
		if o.DeprecationMessage != "" {
			s["deprecationMessage"] = strings.Join(strings.Fields(o.DeprecationMessage), " ") // VS Code's extension of the draft
		}
		properties[o.Name] = s
	}
	return newObject("Settings of gopls by their short names.", properties)
}

// schema describes the values of a setting.
func (o Option) schema(api *API) object {
	switch {
	case o.Type == "enum":
		return o.enumSchema()
	case o.Name == "analyses":
		properties := object{}
		for _, a := range api.Analyzers {
			properties[a.Name] = described(nullable(object{"type": "boolean"}), analyzerSummary(a))
		}
		return newObject("", properties)
	case strings.HasPrefix(o.Type, "map["):
		return o.mapSchema()
	}
	return typeSchema(o.Type)
}

func (o Option) enumSchema() object {
	var values, docs []any
	for _, v := range o.EnumValues {
		var value any
		if json.Unmarshal([]byte(v.Value), &value) != nil {
			continue // the description of gopls is not ours to judge
		}
		values = append(values, value)
		docs = append(docs, strings.TrimSpace(v.Doc))
	}
	return object{"enum": values, "enumDescriptions": docs}
}

func (o Option) mapSchema() object {
	_, valueType, _ := strings.Cut(o.Type, "]")
	value := typeSchema(valueType)
	if o.Name == "env" {
		value = object{"type": []string{"string", "integer"}}
	}
	if len(o.EnumKeys.Keys) == 0 {
		return object{"type": "object", "additionalProperties": nullable(value)}
	}
	properties := object{}
	for _, k := range o.EnumKeys.Keys {
		properties[unquote(k.Name)] = described(nullable(value), strings.TrimSpace(k.Doc))
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

func typeSchema(typ string) object {
	switch typ {
	case "bool":
		return object{"type": "boolean"}
	case "int64":
		return object{"type": "integer"}
	case "string":
		return object{"type": "string"}
	case "time.Duration":
		return object{"type": "string", "pattern": `^([0-9.]+(ns|us|µs|ms|s|m|h))+$`}
	case "[]string":
		return listOf(object{"type": "string"})
	}
	return object{}
}

package goplsconfig

import (
	"bytes"
	"fmt"
	"strings"
)

// SchemaURL is where the schema of hearth.yaml is published.
const SchemaURL = "https://raw.githubusercontent.com/gohearth/hearth/main/docs/hearth.schema.json"

// modeline makes YAML language servers check and complete the file.
func modeline(schema string) string { return "# yaml-language-server: $schema=" + schema + "\n" }

// Template returns a hearth.yaml to start from. It shows each key, with the
// default policy in comments, and decides nothing beyond that policy. schema
// is a URL or a path: a team whose editors must not ask the network commits the
// schema.
func Template(api *API, schema string) []byte {
	var b bytes.Buffer
	b.WriteString(modeline(schema))
	fmt.Fprintf(&b, `#
# What every Go editor shows in this repository, and what CI rejects.
# "hearth explain NAME" tells why an analyzer or a setting is as it is.
version: 1

# Policy files that this one builds on; this file wins over all of them.
# extends: [../policy/hearth.yaml]  # or a file of a module: {module: example.com/policy, version: v1.2.3}

# Settings of gopls by their short names.
gopls:
  # local: example.com  # imports of your own stand apart
  # gofumpt: true
  # buildFlags: [-tags=integration]

# %d analyzers are on by default: go vet, the parts of staticcheck that find
# bugs, and hearth's own. Others by name, glob (SA*) or group (%s).
# Names beat globs, globs beat groups, disable beats enable.
analyzers:
`, defaultCount(api), strings.Join(Groups, ", "))
	b.WriteString(`  # enable:
  #   - ST1005       # error texts: lower case, no full stop
  #   - deprecated
  # disable: [unusedparams]
  # severity: {shadow: error}
  # shadow-ignore: [ctx]
  # plugins:
  #   - {import: example.com/lint/ctxfirst, version: v1.0.0}

# Rules of your own; "hearth rules new ID --kind=KIND" adds one, "hearth rules
# test" runs their examples. A ./ is the folder of this file.
rules:
  # - id: no-exit
  #   message: return an error; main decides about the exit code
  #   forbid-call: [os.Exit, log.Fatal*]
  #   except: [./cmd/...]
  #   ok: return err
  #   bad: os.Exit(1)
  # - id: pure-domain
  #   message: the domain knows nothing of where it is stored
  #   layer:
  #     components: {domain: ./domain/..., storage: [./storage/..., database/sql]}
  #     must-not-depend-on: {domain: [storage]}
  # - id: contains
  #   message: say what is meant
  #   replace: {from: "strings.Index($s, $sub) >= 0", to: "strings.Contains($s, $sub)"}

# Findings are silenced by //nolint:NAME // reason or //lint:ignore NAME reason,
# unless this forbids it and holds a list instead.
suppress:
  # inline: false
  # exceptions:
  #   - {analyzers: [shadow], in: [./old/...], reason: goes away, owner: net, expires: 2099-12-31}

# Packages that are loaded before an editor asks for them.
# warm: {packages: [./...]}

# The mildest severity that makes "hearth vet" fail.
# vet: {fail-on: information}
`)
	return b.Bytes()
}

// defaultCount returns how many analyzers the default policy runs.
func defaultCount(api *API) int {
	st := newStated([]*layer{defaultLayer()})
	n := 0
	for _, a := range api.Analyzers {
		if !a.EditorOnly && st.enabled(a) {
			n++
		}
	}
	return n
}

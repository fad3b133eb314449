package synth

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"text/template"
)

//go:embed template/*.tmpl
var sources embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(sources, "template/*.tmpl"))
})

// write writes the files of a package.
func (p *pkg) write(dir string) error {
	dir = filepath.Join(dir, filepath.FromSlash(fmt.Sprintf("layer%02d", p.Layer)), p.Name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for n := range p.Files {
		name, template := p.Name+".go", "first.go.tmpl"
		if n > 0 {
			name, template = fmt.Sprintf("part%d.go", n), "part.go.tmpl"
		}
		var b bytes.Buffer
		if err := templates().ExecuteTemplate(&b, template, p.part(n)); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// part is a file of a package.
type part struct {
	*pkg
	N     int
	Below *dependency // that this file imports; nil in layer 0
	Sizes []int       // made up
}

// part makes up the nth file. The first one imports all that the package does,
// any other one of these.
func (p *pkg) part(n int) part {
	f := part{pkg: p, N: n}
	if len(p.Imports) > 0 {
		f.Below = &p.Imports[n%len(p.Imports)]
	}
	for range 3 {
		f.Sizes = append(f.Sizes, 1+p.rand.IntN(99))
	}
	return f
}

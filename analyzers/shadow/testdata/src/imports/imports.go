package imports

import (
	str "strings"

	"fmt"
	"net/url"
)

type getter interface {
	get(url string) // silent: there is no body
}

type fn func(url string) error // silent: nor here

func get(url string) string { // want `this url hides the import of "net/url" in its scope: rename it`
	return str.ToUpper(url)
}

func (fmt named) method() (str string) { // want `this fmt hides the import of "fmt"` `this str hides the import of "strings"`
	return string(fmt)
}

type named string

type fields struct {
	url string // silent: a field
}

func locals(v any) {
	fmt.Println(url.Parse("x"))
	const fmt = 3 // want `this fmt hides the import of "fmt"`

	switch url := v.(type) { // want `this url hides the import of "net/url"`
	case int:
		_ = url + fmt
	case string:
		_ = url + "x"
	default:
		_ = url
	}
	_ = fields{url: "x"}
str: // silent: a label
	for {
		break str
	}
	_ = func(url int) int { return url } // want `this url hides the import of "net/url"`

	strings := "x" // silent: imported by another name
	_ = strings
}

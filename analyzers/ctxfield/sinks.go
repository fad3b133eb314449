package ctxfield

import (
	"go/ast"
	"go/types"
	"slices"
)

// A codec is a way to encode structs: how its fields are tagged, and by which
// methods a type takes its encoding into its own hands.
type codec struct {
	name                     string
	tag                      string // of which "-" skips a field; "" if there are no tags
	marshalers, unmarshalers []string
	promotes                 bool // fields of embedded structs count as fields of the struct around them
	unexported               bool // embedded structs are fields like others, so that an unexported one is skipped
}

var (
	jsonCodec = &codec{
		name:         "JSON",
		tag:          "json",
		marshalers:   []string{"MarshalJSON", "MarshalJSONTo", "MarshalText"},
		unmarshalers: []string{"UnmarshalJSON", "UnmarshalJSONFrom", "UnmarshalText"},
		promotes:     true,
	}
	xmlCodec = &codec{
		name:         "XML",
		tag:          "xml",
		marshalers:   []string{"MarshalXML", "MarshalText"},
		unmarshalers: []string{"UnmarshalXML", "UnmarshalText"},
		promotes:     true,
	}
	gobCodec = &codec{
		name:         "gob",
		marshalers:   []string{"GobEncode", "MarshalBinary", "MarshalText"},
		unmarshalers: []string{"GobDecode", "UnmarshalBinary", "UnmarshalText"},
		unexported:   true,
	}
	yamlCodec = &codec{
		name:         "YAML",
		tag:          "yaml",
		marshalers:   []string{"MarshalYAML", "MarshalText", "MarshalJSON"},
		unmarshalers: []string{"UnmarshalYAML", "UnmarshalText", "UnmarshalJSON"},
		unexported:   true,
	}
	tomlCodec = &codec{
		name:         "TOML",
		tag:          "toml",
		marshalers:   []string{"MarshalTOML", "MarshalText"},
		unmarshalers: []string{"UnmarshalTOML", "UnmarshalText"},
	}
	msgpackCodec = &codec{
		name:         "MessagePack",
		tag:          "msgpack",
		marshalers:   []string{"EncodeMsgpack", "MarshalMsgpack", "MarshalBinary", "MarshalText"},
		unmarshalers: []string{"DecodeMsgpack", "UnmarshalMsgpack", "UnmarshalBinary", "UnmarshalText"},
	}
)

// A sink is a package that encodes. Its functions are known by name, whether or
// not they are methods; what they encode is what they take as an any.
type sink struct {
	codec          *codec
	encode, decode []string
}

// These are the functions that most encoders have.
var (
	encodeFuncs = []string{"Encode", "EncodeElement", "Marshal", "MarshalIndent", "MarshalToString", "MarshalWithOptions"}
	decodeFuncs = []string{"Decode", "DecodeElement", "DecodeFile", "Unmarshal", "UnmarshalFromString", "UnmarshalStrict", "UnmarshalWithOptions"}
)

func usual(c *codec) sink { return sink{c, encodeFuncs, decodeFuncs} }

var sinks = map[string]sink{
	"encoding/json": usual(jsonCodec),
	"encoding/json/v2": {
		jsonCodec,
		[]string{"Marshal", "MarshalEncode", "MarshalWrite"},
		[]string{"Unmarshal", "UnmarshalDecode", "UnmarshalRead"},
	},
	"github.com/bytedance/sonic":         usual(jsonCodec),
	"github.com/goccy/go-json":           usual(jsonCodec),
	"github.com/json-iterator/go":        usual(jsonCodec),
	"github.com/segmentio/encoding/json": usual(jsonCodec),
	"encoding/xml":                       usual(xmlCodec),
	"encoding/gob":                       usual(gobCodec),
	"net/rpc":                            {codec: gobCodec, encode: []string{"Call", "Go"}}, // the reply is decoded, which a type that knows gob can do as well
	"gopkg.in/yaml.v2":                   usual(yamlCodec),
	"gopkg.in/yaml.v3":                   usual(yamlCodec),
	"go.yaml.in/yaml/v2":                 usual(yamlCodec),
	"go.yaml.in/yaml/v3":                 usual(yamlCodec),
	"go.yaml.in/yaml/v4":                 usual(yamlCodec),
	"github.com/goccy/go-yaml":           usual(yamlCodec),
	"github.com/ghodss/yaml":             usual(jsonCodec), // YAML by way of JSON
	"sigs.k8s.io/yaml":                   usual(jsonCodec), // the same
	"github.com/BurntSushi/toml":         usual(tomlCodec),
	"github.com/pelletier/go-toml":       usual(tomlCodec),
	"github.com/pelletier/go-toml/v2":    usual(tomlCodec),
	"github.com/vmihailenco/msgpack/v5":  usual(msgpackCodec),
	"github.com/vmihailenco/msgpack/v4":  usual(msgpackCodec),
	"github.com/vmihailenco/msgpack":     usual(msgpackCodec),
	"github.com/shamaton/msgpack/v2":     usual(msgpackCodec),
	"github.com/cloudwego/hertz/pkg/app": responses,
	"github.com/gin-gonic/gin":           responses,
	"github.com/labstack/echo/v4":        responses,
}

// responses are the methods of HTTP frameworks that answer with JSON.
var responses = sink{
	codec:  jsonCodec,
	encode: []string{"AsciiJSON", "IndentedJSON", "JSON", "JSONPretty", "PureJSON", "SecureJSON"},
}

// values returns the arguments of a call of fn that are encoded, or decoded.
func (s sink) values(fn *types.Func, args []ast.Expr) (values []ast.Expr, decode bool) {
	decode = slices.Contains(s.decode, fn.Name())
	if !decode && !slices.Contains(s.encode, fn.Name()) {
		return nil, false
	}
	params := fn.Signature().Params()
	for i, arg := range args {
		last := params.Len() - 1
		if i < last || i == last && !fn.Signature().Variadic() {
			if isAny(params.At(i).Type()) {
				values = append(values, arg)
			}
		} else if slice, ok := params.At(last).Type().(*types.Slice); ok && isAny(slice.Elem()) {
			values = append(values, arg) // msgpack: Encode(v ...any)
		}
	}
	return values, decode
}

func isAny(typ types.Type) bool {
	iface, ok := typ.Underlying().(*types.Interface)
	return ok && iface.Empty()
}

package lsp

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		in   string
		kind Kind
		want Message
	}{
		{`{"jsonrpc":"2.0","id":1,"method":"a/b","params":{"x":[1,"]}"]}}`, Request,
			Message{ID: ID("1"), Method: "a/b", Params: json.RawMessage(`{"x":[1,"]}"]}`)}},
		{`{"method":"a","params":[]}`, Notification, Message{Method: "a", Params: json.RawMessage(`[]`)}},
		{`{"method":"a","id":null}`, Notification, Message{Method: "a", ID: ID("null")}},
		{`{"id":"1","result":null}`, Response, Message{ID: ID(`"1"`), Result: json.RawMessage("null")}},
		{`{"id":2,"error":{"code":1}}`, Response, Message{ID: ID("2"), Error: json.RawMessage(`{"code":1}`)}},
		{`{"id":2,"result":3,"error":null}`, Response, Message{ID: ID("2"), Result: json.RawMessage("3")}},
		{" {\n\t\"m\\u0065thod\" : \"a\\/b\" , \"x\" : {} }\r\n", Notification, Message{Method: "a/b"}},
	} {
		m, err := Parse([]byte(test.in))
		if err != nil {
			t.Errorf("Parse(%s): %v", test.in, err)
			continue
		}
		if m.Kind() != test.kind {
			t.Errorf("Parse(%s) is a %v, want a %v", test.in, m.Kind(), test.kind)
		}
		if string(m.Bytes()) != test.in {
			t.Errorf("Parse(%s) is forwarded as %s", test.in, m.Bytes())
		}
		m.raw = nil
		got, want := string(m.Bytes()), string(test.want.Bytes())
		if got != want {
			t.Errorf("Parse(%s) = %s, want %s", test.in, got, want)
		}
	}
}

func TestParseError(t *testing.T) {
	for _, in := range []string{
		``, `1`, `[]`, `{`, `{}`, `{"jsonrpc":"2.0"}`, `{"method"}`, `{"method":}`, `{"method":"a"`,
		`{"method":"a",}`, `{"method":"a" "id":1}`, `{"method":"a"}x`, `{"method":1}`, `{"method":"a`,
		`{method:"a"}`, `{"method":"a","params":{}`, `{"method":"a","params":]}`,
	} {
		if m, err := Parse([]byte(in)); err == nil {
			t.Errorf("Parse(%s) = %s, want an error", in, m.Bytes())
		}
	}
}

func TestMessageRewrites(t *testing.T) {
	m, err := Parse([]byte(`{"id":7,"method":"initialize","params":{"a":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		m    *Message
		want string
	}{
		{m.WithParams(json.RawMessage(`{}`)), `{"jsonrpc":"2.0","id":7,"method":"initialize","params":{}}`},
		{m.WithID(ID(`"x"`)), `{"jsonrpc":"2.0","id":"x","method":"initialize","params":{"a":1}}`},
		{NewResponse(m.ID, nil, nil), `{"jsonrpc":"2.0","id":7,"result":null}`},
		{NewResponse(m.ID, []int{1}, nil), `{"jsonrpc":"2.0","id":7,"result":[1]}`},
		{NewResponse(m.ID, 1, errors.New("no")), `{"jsonrpc":"2.0","id":7,"error":{"code":-32603,"message":"no"}}`},
		{NewResponse(m.ID, nil, &ResponseError{Code: -1, Message: "x"}), `{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"x"}}`},
	} {
		if got := string(test.m.Bytes()); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func TestSetMember(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{`{}`, `{"a":1}`},
		{` { "b" : 2 } `, ` { "b" : 2 ,"a":1} `},
		{`{"b":2,"a" : {"a":0}, "c":"}"}`, `{"b":2,"a" : 1, "c":"}"}`},
	} {
		got, err := SetMember([]byte(test.in), "a", json.RawMessage("1"))
		if err != nil || string(got) != test.want {
			t.Errorf("SetMember(%s) = %s, %v; want %s", test.in, got, err, test.want)
		}
		if got := Member(got, "a"); string(got) != "1" {
			t.Errorf("after SetMember(%s): Member = %s", test.in, got)
		}
	}
	for _, in := range []string{"", "null", "[]", `{"a"`} {
		if got, err := SetMember([]byte(in), "a", nil); err == nil {
			t.Errorf("SetMember(%s) = %s, want an error", in, got)
		}
	}
}

// FuzzParse checks that the scanner finds what encoding/json finds.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"a/b","params":{"x":[1,"]}"]}}`))
	f.Add([]byte(` { "\u0069d" : "\"" , "result" : [ { } , null , -1.5e3 , true ] } `))
	f.Add([]byte(`{"id":2,"error":{"code":1,"message":"\\"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got := make(map[string]string)
		err := members(data, func(name string, value []byte) error {
			got[name] = string(value)
			return nil
		})
		Parse(data) // must not panic
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil || want == nil {
			return // the scanner may be more lenient
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		if len(got) != len(want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		for name, value := range want {
			if got[name] != string(value) {
				t.Errorf("%q: got %s, want %s", name, got[name], value)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	body := []byte(`{"jsonrpc":"2.0","id":1,"result":[` +
		strings.Repeat(`{"label":"Printf","kind":3,"detail":"func(format string, a ...any)"},`, 5000) + `{}]}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}

package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Error codes of JSON-RPC and LSP that hearth sends or looks for.
const (
	CodeInvalidRequest       = -32600
	CodeMethodNotFound       = -32601
	CodeInternalError        = -32603
	CodeServerNotInitialized = -32002
	CodeRequestFailed        = -32803
	CodeServerCancelled      = -32802
	CodeContentModified      = -32801
	CodeRequestCancelled     = -32800
)

// Kind tells the three sorts of message apart.
type Kind int

const (
	Notification Kind = iota
	Request
	Response
)

func (k Kind) String() string {
	return [...]string{"notification", "request", "response"}[k]
}

// ID identifies a request. It is kept as it was written, since 1 and "1" are
// different requests; ID.String is a usable map key.
type ID json.RawMessage

func (id ID) String() string { return string(id) }

// Message is the envelope of one JSON-RPC message. Params, Result and Error
// are slices of the body that was parsed and have not been looked into, so
// they may be invalid JSON if the sender is broken.
type Message struct {
	ID     ID
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  json.RawMessage

	raw []byte
}

// Kind returns what sort of message m is.
func (m *Message) Kind() Kind {
	switch {
	case m.Method == "":
		return Response
	case len(m.ID) == 0 || string(m.ID) == "null":
		return Notification
	default:
		return Request
	}
}

// Parse reads the envelope of body and keeps body.
func Parse(body []byte) (*Message, error) {
	m := &Message{raw: body}
	err := members(body, func(name string, value []byte) error {
		switch name {
		case "id":
			m.ID = ID(value)
		case "method":
			m.Method = ""
			return json.Unmarshal(value, &m.Method)
		case "params":
			m.Params = value
		case "result":
			m.Result = value
		case "error":
			m.Error = value
			if string(value) == "null" { // as some servers write beside a result
				m.Error = nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lsp: reading a message: %w", err)
	}
	if m.Method == "" && m.ID == nil {
		return nil, errors.New("lsp: message with neither method nor id")
	}
	return m, nil
}

// Bytes returns the body of m: the very bytes that were parsed, or an encoding
// of the fields if m was made by hand.
func (m *Message) Bytes() []byte {
	if m.raw != nil {
		return m.raw
	}
	var b bytes.Buffer
	b.WriteString(`{"jsonrpc":"2.0"`)
	member := func(name string, value []byte) {
		b.WriteString(`,"` + name + `":`)
		b.Write(value)
	}
	if len(m.ID) > 0 {
		member("id", m.ID)
	}
	if m.Method != "" {
		method, _ := json.Marshal(m.Method)
		member("method", method)
	}
	switch {
	case len(m.Params) > 0:
		member("params", m.Params)
	case m.Method != "":
	case len(m.Error) > 0:
		member("error", m.Error)
	case len(m.Result) > 0:
		member("result", m.Result)
	default:
		member("result", []byte("null"))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// WithParams returns m with other params.
func (m *Message) WithParams(params json.RawMessage) *Message {
	return &Message{ID: m.ID, Method: m.Method, Params: params}
}

// WithResult returns the successful response m with another result.
func (m *Message) WithResult(result json.RawMessage) *Message {
	return &Message{ID: m.ID, Result: result}
}

// WithID returns m under another id.
func (m *Message) WithID(id ID) *Message {
	return &Message{ID: id, Method: m.Method, Params: m.Params, Result: m.Result, Error: m.Error}
}

// Err returns the error that the response m carries, a [*ResponseError], or nil.
func (m *Message) Err() error {
	if len(m.Error) == 0 {
		return nil
	}
	e := new(ResponseError)
	if err := json.Unmarshal(m.Error, e); err != nil {
		return &ResponseError{Code: CodeInternalError, Message: string(m.Error)}
	}
	return e
}

// ResponseError is the error that a server answers a request with.
type ResponseError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

func (e *ResponseError) Error() string { return e.Message }

// NewRequest returns a request; params may be nil, json.RawMessage or anything
// that can be encoded.
func NewRequest(id ID, method string, params any) (*Message, error) {
	raw, err := encode(params)
	return &Message{ID: id, Method: method, Params: raw}, err
}

// NewNotification returns a notification.
func NewNotification(method string, params any) (*Message, error) {
	return NewRequest(nil, method, params)
}

// NewResponse returns the answer to a request: err if it is not nil, else result.
func NewResponse(id ID, result any, err error) *Message {
	m := &Message{ID: id}
	if err == nil {
		m.Result, err = encode(result)
	}
	if err != nil {
		e, ok := errors.AsType[*ResponseError](err)
		if !ok {
			e = &ResponseError{Code: CodeInternalError, Message: err.Error()}
		}
		m.Result = nil
		m.Error, _ = json.Marshal(e)
	}
	return m
}

func encode(v any) (json.RawMessage, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case json.RawMessage:
		return v, nil
	}
	return json.Marshal(v)
}

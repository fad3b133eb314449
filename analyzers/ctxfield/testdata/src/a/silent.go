package a

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"net/http"

	"gopkg.in/yaml.v3"
)

type Unexported struct {
	ID  string
	ctx context.Context
}

type Tagged struct {
	ID  string
	Ctx context.Context `json:"-" yaml:"-"`
}

type TaggedForOther struct {
	Ctx context.Context `json:"-"`
}

type Own struct{ Ctx context.Context }

func (*Own) MarshalJSON() ([]byte, error) { return nil, nil }

type OwnText struct{ Ctx context.Context }

func (OwnText) MarshalText() ([]byte, error) { return nil, nil }

type OwnInside struct{ Own Own }

type OwnEmbedded struct {
	OwnText
	Ctx context.Context
}

type Node struct {
	Next  *Node
	Nodes []Node
}

type grower[T any] struct{ Next *Box[T] }

type wrapped struct{ Ctx context.Context }

type Unpromoted struct{ wrapped }

func silent(enc *gob.Encoder, v any, data []byte, r *http.Request) {
	json.Marshal(Unexported{})      // silent: the encoder skips ctx
	json.Marshal(Tagged{})          // silent: tagged for the encoder
	yaml.Marshal(&Tagged{})         // silent: tagged for the encoder
	xml.Marshal(TaggedForOther{})   // want `TaggedForOther.Ctx is a context, which XML`
	json.Marshal(Own{})             // silent: knows how
	json.Unmarshal(data, &Own{})    // want `Own.Ctx is a context`
	json.Marshal(OwnText{})         // silent: knows how
	json.Marshal(OwnInside{})       // silent: its field knows how
	json.Marshal(OwnEmbedded{})     // silent: what it embeds knows how
	json.Marshal(Node{})            // silent: no context, however deep
	json.Marshal(grower[int]{})     // silent: no context
	json.Marshal(v)                 // silent: nobody knows what it is
	json.Marshal(r.Header)          // silent: no context
	json.Marshal(r.Context().Err()) // silent: the error of a context is none
	enc.Encode(Unpromoted{})        // silent: gob does not promote
	json.Marshal(func() {})         // silent: wrong, but not for a context
	json.Marshal(1)
}

func send(jobs chan Job, job Job) {
	jobs <- job // silent: stays in the process
}

func own(enc encoder) {
	enc.Encode(Job{}) // silent: no encoder that the pass knows
}

type encoder struct{}

func (encoder) Encode(any) {}

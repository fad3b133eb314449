package a

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/rpc"
	"other"

	"gopkg.in/yaml.v3"
)

type Job struct {
	ID   string `json:"id"`
	Meta Meta   `json:"meta"`
	Tags map[string]string
}

type Meta struct {
	Name string // of the job
	Ctx  context.Context
}

func encode(w io.Writer, job Job, batch *Batch) {
	json.Marshal(job)                // want `Job.Meta.Ctx is a context, which JSON cannot carry: keep it out of the struct, or tag the field json:"-"`
	json.MarshalIndent(&job, "", "") // want `Job.Meta.Ctx is a context`
	json.NewEncoder(w).Encode(batch) // want `Batch.Jobs\[\].Meta.Ctx is a context`
	json.Marshal([]Job{job})         // want `Job.Meta.Ctx is a context`
}

func decode(data []byte, r io.Reader) {
	var job *Job
	json.Unmarshal(data, &job)      // want `Job.Meta.Ctx is a context`
	json.NewDecoder(r).Decode(&job) // want `Job.Meta.Ctx is a context`
}

type Batch struct{ Jobs []Job }

type Embedding struct {
	context.Context        // of the request
	ID              string `yaml:"id"`
}

type hidden struct {
	Ctx context.Context `json:"ctx,omitempty"`
}

type Promoting struct {
	hidden
	A, B int
}

type Pair struct {
	First, Second context.Context
}

type Box[T any] struct{ Value T }

type Deep struct {
	Levels map[string][]*Box[Embedding2]
}

type Embedding2 struct {
	Kind string
	User other.Context
}

func shapes(c *rpc.Client, enc *gob.Encoder, p Promoting) {
	yaml.Marshal(Embedding{})                       // want `Embedding.Context is a context, which YAML cannot carry: keep it out of the struct, or tag the field yaml:"-"`
	json.Marshal(p)                                 // want `Promoting.hidden.Ctx is a context`
	json.Marshal(Pair{})                            // want `Pair.First is a context`
	json.Marshal(Deep{})                            // want `Deep.Levels\[\]\[\].Value.User is a context`
	json.Marshal(struct{ C context.Context }{})     // want `struct.C is a context`
	json.Marshal(other.Job{})                       // want `Job.Ctx is a context`
	enc.Encode(Job{})                               // want `Job.Meta.Ctx is a context, which gob cannot carry: keep it out of the struct, or the field unexported`
	c.Call("Service.Run", Job{}, &Batch{})          // want `Job.Meta.Ctx is a context, which gob cannot carry` `Batch.Jobs\[\].Meta.Ctx is a context`
	xml.Marshal(struct{ Ctxs []context.Context }{}) // want `struct.Ctxs\[\] is a context, which XML cannot carry`
}

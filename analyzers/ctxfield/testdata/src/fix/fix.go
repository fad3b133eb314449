package fix

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"other"
)

type Job struct {
	ID      string                    `json:"id"` // of the job
	Context context.Context           // of the request
	Values  map[string]map[string]int `json:"values"`
}

func encode(j Job) {
	json.Marshal(j) // want `Job.Context is a context`
}

type Embedding struct {
	context.Context
}

func embedded() {
	xml.Marshal(Embedding{}) // want `Embedding.Context is a context`
}

type Tagged struct {
	Ctx context.Context `json:"ctx"`
}

type Pair struct{ A, B context.Context }

func unfixable() {
	json.Marshal(Tagged{})    // want `Tagged.Ctx is a context`
	json.Marshal(Pair{})      // want `Pair.A is a context`
	json.Marshal(other.Job{}) // want `Job.Ctx is a context`
}

type Box[T any] struct{ Data T }

type List[T any] struct {
	Items []T
	Ctx   context.Context
}

func generic() {
	json.Marshal(Box[context.Context]{})  // want `^Box.Data is a context, which JSON cannot carry: keep it out of the type arguments$`
	json.Marshal(List[context.Context]{}) // want `^List.Items\[\] is a context, which JSON cannot carry: keep it out of the type arguments$`
	json.Marshal(List[int]{})             // want `List.Ctx is a context, .* tag the field`
}

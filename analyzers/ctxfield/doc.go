// Package ctxfield defines a pass that reports structs with a context in them
// that are encoded or decoded.
//
// # Analyzer ctxfield
//
// ctxfield: find contexts in structs that are marshalled
//
// A context.Context belongs to one process. The pass reports a value whose type
// takes one along to an encoder or a decoder:
//
//	type Job struct {
//		ID   string
//		Meta struct{ Ctx context.Context }
//	}
//
//	data, err := json.Marshal(job) // Job.Meta.Ctx is a context
//
// The deadline and the cancellation are lost; what is written instead depends on
// how the context was made, and may be all that its packages export; reading it
// back fails, as does encoding/gob at the first write. Often nobody sees that
// before the field is set for the first time. Keep the context out of the
// struct, as a parameter, or keep it from the encoder: a fix adds the tag
// `json:"-"` if the field is declared in the same package without a tag, and is
// not one of a generic type that other instances encode.
//
// The pass knows encoding/json (also v2), xml and gob, net/rpc, and the common
// packages for JSON, YAML, TOML and MessagePack, as well as the JSON methods of
// hertz, gin and echo. It follows pointers, slices, maps, embedded and generic
// structs, in the type that the value has where it is passed on. Silent are fields
// that the encoder skips, because they are unexported or tagged "-" for it, or
// because another field of that name hides them, as one further out does in JSON
// and XML, and types that have a method to encode, or to decode, themselves.
//
// It does not see a struct behind an interface, such as a parameter v any that
// somebody hands to json.Marshal. Nor does it report structs that are sent over a
// channel, because those are right: a request that carries its context to a worker
// of the same process, as in all eleven such sends of net/http.
package ctxfield

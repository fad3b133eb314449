package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// flushed is how long gopls may keep spans before it sends them: 2 seconds, and
// it does not send the last ones when it ends.
const flushed = 2500 * time.Millisecond

// trace runs a server again, twice: the second finds what the first one left.
// What it tells of its requests goes to the side; what is measured does not, as
// to tell takes time.
func (b *bench) trace(ctx context.Context, s *side) error {
	if s.server.Traced == nil {
		return nil
	}
	c, err := listen()
	if err != nil {
		return fmt.Errorf("listening for what %s tells of its requests: %w", s.name, err)
	}
	defer c.server.Close()
	if err := s.server.forget(ctx); err != nil {
		return err
	}
	traced := s.server.Traced(c.endpoint)
	for _, start := range b.starts() {
		if start.scenario == cold {
			continue
		}
		for round := range start.warmup + 1 {
			what := fmt.Sprintf("%s, traced run %d of %s", start.scenario, round+1, s.name)
			b.Progress(what)
			start.traced = round == start.warmup
			run, err := b.once(ctx, traced, start, round, false)
			if err != nil {
				return fmt.Errorf("%s (%s), %s: %w", s.name, traced, what, err)
			}
			if round == start.warmup {
				c.tell(run.asked, s)
			}
		}
	}
	return nil
}

// collector takes the spans of a server, as an OpenTelemetry collector does.
type collector struct {
	endpoint string
	server   *http.Server

	mu    sync.Mutex
	spans []span
}

// span is what of OTLP's is of use here. Times are nanoseconds since 1970.
type span struct {
	ID     string `json:"spanId"`
	Parent string `json:"parentSpanId"`
	Name   string `json:"name"`
	Start  nanos  `json:"startTimeUnixNano"`
	End    nanos  `json:"endTimeUnixNano"`
}

func (s span) duration() time.Duration { return time.Duration(s.End - s.Start) }

// nanos is a number, or a string of one.
type nanos int64

func (n *nanos) UnmarshalJSON(data []byte) error {
	text := string(data)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	i, err := strconv.ParseInt(text, 10, 64)
	*n = nanos(i)
	return err
}

// listen starts a collector on a port of this machine alone.
func listen() (*collector, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &collector{endpoint: "http://" + l.Addr().String()}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", c.receive)
	mux.HandleFunc("POST /", func(http.ResponseWriter, *http.Request) {}) // metrics
	c.server = &http.Server{Handler: mux}
	go func() { _ = c.server.Serve(l) }() // what is not received is not in the report
	return c, nil
}

func (c *collector) receive(w http.ResponseWriter, req *http.Request) {
	var body struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []span }
		}
	}
	if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range body.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
}

// queued is the span, within that of a request, in which gopls waits for the
// requests before it.
const queued = "queued"

// tell finds the spans of requests that were answered, by the method and the
// time, and gives the time in the queue and that of the handler to the side.
func (c *collector) tell(list []asked, s *side) {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.SortFunc(c.spans, func(a, b span) int { return cmp.Compare(a.Start, b.Start) })
	inQueue := make(map[string]span) // by parent
	for _, sp := range c.spans {
		if sp.Name == queued {
			inQueue[sp.Parent] = sp
		}
	}
	for _, a := range list {
		i := slices.IndexFunc(c.spans, func(sp span) bool {
			// Its end may come after that of the answer, which gopls sends before.
			return sp.Name == a.method && int64(sp.Start) >= a.sent.UnixNano() && int64(sp.Start) <= a.done.UnixNano()
		})
		if i < 0 {
			continue
		}
		if waited, ok := inQueue[c.spans[i].ID]; ok {
			s.queue[a.metric] = append(s.queue[a.metric], waited.duration().Seconds())
			s.handler[a.metric] = append(s.handler[a.metric], (c.spans[i].duration() - waited.duration()).Seconds())
		}
	}
}

package bench

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestCollector is about the spans that gopls sends: of those of a request, the
// one that waits in the queue is within.
func TestCollector(t *testing.T) {
	c, err := listen()
	if err != nil {
		t.Fatal(err)
	}
	defer c.server.Close()
	begun := time.Unix(1700000000, 0)
	at := func(ms int) time.Time { return begun.Add(time.Duration(ms) * time.Millisecond) }
	span := func(id, parent, name string, from, to int) string {
		return fmt.Sprintf(`{"traceId": "t", "spanId": %q, "parentSpanId": %q, "name": %q, "kind": 1, "startTimeUnixNano": "%d", "endTimeUnixNano": %d}`,
			id, parent, name, at(from).UnixNano(), at(to).UnixNano())
	}
	spans := strings.Join([]string{
		span("2", "1", queued, 11, 13), span("1", "", "textDocument/hover", 10, 20),
		span("4", "3", queued, 31, 32), span("3", "", "textDocument/hover", 30, 41), // ends after the answer was read
		span("5", "", "textDocument/definition", 50, 60), // in no queue
	}, ",")
	body := `{"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"scope": {}, "spans": [` + spans + `]}]}]}`
	for _, test := range []struct {
		path, body string
		want       int
	}{
		{"/v1/traces", body, http.StatusOK},
		{"/v1/metrics", "{}", http.StatusOK},
		{"/v1/traces", `{"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": "soon"}]}]}]}`, http.StatusBadRequest},
	} {
		resp, err := http.Post(c.endpoint+test.path, "application/json", strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != test.want {
			t.Errorf("%s %s: %s", test.path, test.body, resp.Status)
		}
	}
	s := newSide("A", Server{})
	first, second := metric{attach, firstHover}, metric{steady, hover}
	c.tell([]asked{
		{first, "textDocument/hover", at(9), at(21)},
		{second, "textDocument/hover", at(29), at(40)},
		{second, "textDocument/hover", at(70), at(80)}, // nothing was told
		{metric{steady, definition}, "textDocument/definition", at(49), at(61)},
	}, s)
	if diff := cmp.Diff(map[metric][]float64{first: {0.002}, second: {0.001}}, s.queue, cmp.AllowUnexported(metric{})); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[metric][]float64{first: {0.008}, second: {0.01}}, s.handler, cmp.AllowUnexported(metric{})); diff != "" {
		t.Errorf("handler (-want +got):\n%s", diff)
	}
}

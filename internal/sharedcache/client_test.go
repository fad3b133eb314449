package sharedcache

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestExchange(t *testing.T) {
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ JWT string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Method+r.URL.Path != "POST/auth/exchange-token" || body.JWT != "job" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		w.Write([]byte(`{"access_token": "t1", "token_type": "Bearer", "expires_in": 3600}`))
	}))
	defer ts.Close()
	if token, err := Exchange(t.Context(), ts.URL+"/", "job"); err != nil || token != "t1" {
		t.Errorf("token %q, error %v", token, err)
	}
	if _, err := Exchange(t.Context(), ts.URL, "other"); !isDenied(err) {
		t.Errorf("error %v, want that it is denied", err)
	}
}

func TestPatience(t *testing.T) {
	late := func(by time.Duration) time.Duration { return promptly + by }
	failure := http.ErrHandlerTimeout
	for _, test := range []struct {
		name  string
		spend func(p *patience, i int)
		ends  int // at which request; 0: never
	}{
		{"prompt", func(p *patience, _ int) { p.spend(promptly, 0, nil) }, 0},
		{"large", func(p *patience, _ int) { p.spend(time.Second, 1<<20, nil) }, 0},
		{"late", func(p *patience, _ int) { p.spend(late(time.Second), 0, nil) }, 10},
		{"fails", func(p *patience, _ int) { p.spend(0, 0, failure) }, 5},
		{"times out", func(p *patience, _ int) { p.spend(late(answerTimeout), 0, failure) }, 2},
		{"denies", func(p *patience, _ int) { p.spend(0, 0, deniedError{"401"}) }, 1},
		{"fails now and then", func(p *patience, i int) {
			if i%100 == 0 {
				p.spend(0, 0, failure)
			} else {
				p.spend(0, 0, nil)
			}
		}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, ended := newPatience(DefaultPatience), 0
			for i := 1; i <= 1000 && ended == 0; i++ {
				if test.spend(p, i); !p.left() {
					ended = i
				}
			}
			if ended != test.ends {
				t.Errorf("patience ended at request %d, want %d", ended, test.ends)
			}
			if (p.reason() != "") != (ended > 0) {
				t.Errorf("the reason is %q", p.reason())
			}
		})
	}
}

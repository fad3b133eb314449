package sharedcache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pierrec/lz4/v4"
	"github.com/rogpeppe/go-internal/cache"
)

// Limits of one request. They end what a server drags out; [patience] bounds
// what all requests cost.
const (
	dialTimeout    = 3 * time.Second
	answerTimeout  = 5 * time.Second // up to the first byte
	requestTimeout = 10 * time.Second
)

// maxOutput bounds the memory for one answer. What a run of vet shares is
// compiled packages and findings; the largest package of Kubernetes has 20 MB.
const maxOutput = 256 << 20

var errNone = errors.New("the server has none")

// deniedError is an answer that says whom the server trusts.
type deniedError struct{ status string }

func (e deniedError) Error() string { return "it answers " + e.status }

func isDenied(err error) bool {
	_, denied := errors.AsType[deniedError](err)
	return denied
}

// client speaks the protocol of gocached, and believes what it can check.
type client struct {
	server, token string
	http          http.Client
}

func newClient(server, token string) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	t.ResponseHeaderTimeout = answerTimeout
	t.MaxIdleConnsPerHost = 2 * uploads
	return &client{strings.TrimRight(server, "/"), token, http.Client{
		Transport: t,
		// The token is for the server that the user knows.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// get returns the output of an action, or errNone.
func (c *client) get(ctx context.Context, id cache.ActionID) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	req, err := c.request(ctx, "GET", fmt.Sprintf("/action/%x", id), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Want-Object", "1") // the output in the same answer
	req.Header.Set("Accept-Encoding", "lz4")
	res, err := c.do(req, http.StatusOK)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	want, err := parseID[cache.OutputID](res.Header.Get("Go-Output-Id"))
	if err != nil {
		return nil, fmt.Errorf("an answer without the hash of its output: %w", err)
	}
	data, err := readOutput(res)
	if err != nil {
		return nil, fmt.Errorf("reading an output: %w", err)
	}
	if sha256.Sum256(data) != want {
		return nil, errors.New("an output that is not the one of its hash")
	}
	return data, nil
}

// readOutput returns the body of an answer as it was before compression.
func readOutput(res *http.Response) ([]byte, error) {
	body, size := io.Reader(res.Body), res.ContentLength
	if res.Header.Get("Content-Encoding") == "lz4" {
		body = lz4.NewReader(res.Body)
		var err error
		if size, err = strconv.ParseInt(res.Header.Get("X-Uncompressed-Length"), 10, 64); err != nil {
			return nil, fmt.Errorf("its length: %w", err)
		}
	}
	if size < 0 || size > maxOutput {
		return nil, fmt.Errorf("a length of %d bytes", size)
	}
	// One byte more than there should be is enough to know a wrong hash.
	var buf bytes.Buffer
	_, err := buf.ReadFrom(io.LimitReader(body, size+1))
	return buf.Bytes(), err
}

// put gives the server an output.
func (c *client) put(ctx context.Context, id cache.ActionID, out cache.OutputID, body io.Reader, size int64) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout+time.Duration(size)*promptlyByte)
	defer cancel()
	if size == 0 {
		body = http.NoBody // else it would be sent in chunks, which the server refuses
	}
	req, err := c.request(ctx, "PUT", fmt.Sprintf("/%x/%x", id, out), body)
	if err != nil {
		return err
	}
	req.ContentLength = size
	res, err := c.do(req, http.StatusNoContent)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

func (c *client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.server+path, body)
	if err == nil && c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, err
}

// do returns the answer if it has the status that is wanted.
func (c *client) do(req *http.Request, want int) (*http.Response, error) {
	res, err := c.http.Do(req)
	if e, ok := errors.AsType[*url.Error](err); ok {
		return nil, e.Err // without the URL, which says nothing about an action to anybody
	} else if err != nil {
		return nil, err
	}
	if res.StatusCode == want {
		return res, nil
	}
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10) // so that the connection can be used again
	res.Body.Close()
	switch res.StatusCode {
	case http.StatusNotFound:
		return nil, errNone
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, deniedError{res.Status}
	}
	return nil, fmt.Errorf("it answers %s", res.Status)
}

// Exchange gets a token of the server for one of an identity provider, such as
// those that CI systems give to their jobs.
func Exchange(ctx context.Context, server, jwt string) (token string, err error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]string{"jwt": jwt})
	if err != nil {
		return "", err
	}
	c := newClient(server, "")
	req, err := c.request(ctx, "POST", "/auth/exchange-token", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	res, err := c.do(req, http.StatusOK)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&answer); err != nil {
		return "", err
	}
	if answer.Token == "" {
		return "", errors.New("an answer without a token")
	}
	return answer.Token, nil
}

package lsp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

func TestReadMessage(t *testing.T) {
	for _, test := range []struct{ name, in, want, err string }{
		{"plain", "Content-Length: 2\r\n\r\n{}", "{}", ""},
		{"line feeds only", "Content-Length: 2\n\n{}", "{}", ""},
		{"any case and a content type", "content-type: x\r\nCONTENT-LENGTH:2\r\n\r\n{}", "{}", ""},
		{"blank lines before", "\r\n\nContent-Length: 2\r\n\r\n{}", "{}", ""},
		{"empty body", "Content-Length: 0\r\n\r\n", "", ""},
		{"end between messages", "", "", "EOF"},
		{"end in header", "Content-Length: 2\r\n", "", "unexpected EOF"},
		{"end in body", "Content-Length: 3\r\n\r\n{}", "", "unexpected EOF"},
		{"end in a large body", "Content-Length: 200000000\r\n\r\n{}", "", "unexpected EOF"},
		{"not a header", "panic\n", "", `lsp: "panic" is not a header`},
		{"no length", "A: b\r\n\r\n", "", "lsp: header without Content-Length"},
		{"bad length", "Content-Length: two\r\n\r\n", "", `lsp: bad Content-Length " two"`},
		{"negative length", "Content-Length: -1\r\n\r\n", "", `lsp: bad Content-Length " -1"`},
		{"too large", "Content-Length: 999999999999\r\n\r\n", "", "lsp: message of 999999999999 bytes; the limit is 268435456"},
		{"endless line", strings.Repeat("x", 1<<20), "", "lsp: header line longer than 4096 bytes"},
		{"endless header", strings.Repeat("A: b\n", 1000), "", "lsp: more than 32 header lines"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := NewConn(strings.NewReader(test.in), nil).ReadMessage()
			if string(got) != test.want || test.err != "" && (err == nil || err.Error() != test.err) || test.err == "" && err != nil {
				t.Errorf("ReadMessage() = %q, %v; want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestWriteMessageConcurrently(t *testing.T) {
	var buf bytes.Buffer
	conn := NewConn(&buf, &buf)
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			for range 10 {
				conn.WriteMessage(bytes.Repeat([]byte{byte('0' + i)}, 100*i))
			}
		})
	}
	wg.Wait()
	for range 100 {
		body, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		if n := len(body); n > 0 && !bytes.Equal(body, bytes.Repeat([]byte{byte('0' + n/100)}, n)) {
			t.Fatalf("two messages were mixed: %q", body)
		}
	}
	if _, err := conn.ReadMessage(); err != io.EOF {
		t.Errorf("after the last message: %v", err)
	}
}

func FuzzConn(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}"))
	f.Add([]byte("content-type: x\nCONTENT-LENGTH: 1 \n\n1Content-Length: 0\r\n\r\n"))
	f.Add([]byte("\r\n\r\nContent-Length: 5\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := NewConn(bytes.NewReader(data), nil)
		var bodies [][]byte
		for {
			body, err := in.ReadMessage()
			if err != nil {
				break
			}
			bodies = append(bodies, body)
		}
		// Whatever was read is read again after having been written.
		var buf bytes.Buffer
		again := NewConn(&buf, &buf)
		for _, body := range bodies {
			again.WriteMessage(body)
		}
		for _, want := range bodies {
			if got, err := again.ReadMessage(); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("wrote %q, read %q, %v", want, got, err)
			}
		}
	})
}

func TestOutbox(t *testing.T) {
	r, w := io.Pipe()
	out := NewOutbox(NewConn(nil, w))
	const n = 1000
	for i := range n { // nobody reads yet
		out.Send([]byte(fmt.Sprint(i)))
	}
	out.Close()
	out.Send([]byte("dropped"))
	in := NewConn(r, nil)
	for i := range n {
		if body, err := in.ReadMessage(); err != nil || string(body) != fmt.Sprint(i) {
			t.Fatalf("message %d: %q, %v", i, body, err)
		}
	}
	<-out.Done()
	if err := out.Err(); err != nil {
		t.Error(err)
	}

	out = NewOutbox(NewConn(nil, w))
	r.CloseWithError(errors.New("gone"))
	out.Send(nil)
	<-out.Done()
	out.Send(nil) // does not block, nor pile up
	if err := out.Err(); err == nil || err.Error() != "gone" {
		t.Errorf("Err() = %v", err)
	}
}

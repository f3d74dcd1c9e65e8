package main

import (
	"net"
	"net/http"
	"testing"
	"time"
)

// A body that never ends, and a connection that says nothing, are given up: whoever reaches
// the sample site could otherwise hold as many as the machine has.
func TestSiteServerHasLimits(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newSiteServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = r.Body.Read(make([]byte, 1))
	}))
	for name, limit := range map[string]*time.Duration{"header": &server.ReadHeaderTimeout, "body": &server.ReadTimeout,
		"answer": &server.WriteTimeout, "idle": &server.IdleTimeout} {
		if *limit <= 0 || *limit > 5*time.Minute {
			t.Errorf("%s: %v", name, *limit)
		}
		*limit /= 100 // the test need not wait that long
	}
	go server.Serve(l)
	defer server.Close()
	for _, said := range []string{"", "POST /callback/suite HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte(said)); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		for err = nil; err == nil; {
			_, err = conn.Read(make([]byte, 512))
		}
		if late, ok := err.(net.Error); ok && late.Timeout() {
			t.Errorf("after %q the connection is kept", said)
		}
	}
}

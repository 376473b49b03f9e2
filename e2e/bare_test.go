package e2e

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local/host"
)

// serveBare is the least that can take a delivery: a handler of net/http that checks an
// HMAC and waits for JetStream's ack. It prints its address, and ends with its input.
func serveBare(server, secret string) error {
	nc, err := nats.Connect(server)
	if err != nil {
		return err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	if _, err := js.CreateStream(context.Background(), jetstream.StreamConfig{Name: "BARE", Subjects: []string{"bare.>"}}); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || !hmac.Equal([]byte(r.Header.Get("X-Hub-Signature-256")), []byte("sha256="+hex.EncodeToString(mac(secret, string(body))))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		m := &nats.Msg{Subject: "bare.github", Data: body, Header: nats.Header{jetstream.MsgIDHeader: {r.Header.Get("X-GitHub-Delivery")}}}
		if _, err := js.PublishMsg(r.Context(), m); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
}

// bareServer runs serveBare in a process of its own.
func bareServer(t testing.TB, broker *natsProcess) (pid int, url string) {
	t.Helper()
	cmd := asRole(context.Background(), roleBare, broker.url(), githubSecret)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(cmd) })
	var address string
	if _, err := fmt.Fscanln(out, &address); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid, "http://" + address
}

func end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// post sends n requests over HTTP, each as vary makes it, and fails unless all are
// answered with 200.
func post(ctx context.Context, url string, request *host.Request, n, concurrency int, vary func(*host.Request, int64)) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var wg sync.WaitGroup
	faults := make([]error, concurrency)
	for i := range concurrency {
		wg.Go(func() {
			mine := *request
			mine.Headers = append([]host.Header(nil), request.Headers...)
			for at := next.Add(1); at <= int64(n) && faults[i] == nil; at = next.Add(1) {
				vary(&mine, at)
				faults[i] = postOne(ctx, client, url, &mine)
			}
		})
	}
	wg.Wait()
	return errors.Join(faults...)
}

func postOne(ctx context.Context, client *http.Client, url string, r *host.Request) error {
	q, err := http.NewRequestWithContext(ctx, r.Method, url+r.Target, bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	for _, h := range r.Headers {
		if !strings.EqualFold(h.Name, "host") && !strings.EqualFold(h.Name, "content-length") {
			q.Header.Set(h.Name, h.Value)
		}
	}
	resp, err := client.Do(q)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

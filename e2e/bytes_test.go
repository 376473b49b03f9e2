package e2e

import (
	"io"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"

	"webhookedge/kong/local/host"
)

// countingProxy passes connections on to a unix socket and counts their bytes.
func countingProxy(t *testing.T, socket string) (path string, bytes *atomic.Int64) {
	t.Helper()
	path, bytes = filepath.Join(shortDir(t), "proxy"), &atomic.Int64{}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	pass := func(to, from net.Conn) {
		_, _ = io.Copy(countingWriter{to, bytes}, from)
		_, _ = to.Close(), from.Close()
	}
	go func() {
		for {
			kong, err := l.Accept()
			if err != nil {
				return
			}
			plugin, err := net.Dial("unix", socket)
			if err != nil {
				_ = kong.Close()
				continue
			}
			go pass(plugin, kong)
			go pass(kong, plugin)
		}
	}()
	return path, bytes
}

type countingWriter struct {
	io.Writer
	bytes *atomic.Int64
}

func (w countingWriter) Write(b []byte) (int, error) {
	w.bytes.Add(int64(len(b)))
	return w.Writer.Write(b)
}

// TestSocket_bytesOfADelivery holds what a delivery moves between Kong and the plugin
// against the request itself.
func TestSocket_bytesOfADelivery(t *testing.T) {
	broker := startNATS(t)
	proc, _ := startPlugin(t, "webhook-edge", nil)
	socket, bytes := countingProxy(t, proc.Socket())
	plugin := host.New("webhook-edge", socket, host.Options{})
	t.Cleanup(plugin.Close)
	request, vary := reportRequest()
	size := int64(len(request.Body))
	for _, h := range request.Headers {
		size += int64(len(h.Name) + len(h.Value))
	}
	cfg := edgeConfig(broker.url(), "")
	deliver := func(n int64) int64 {
		before := bytes.Load()
		vary(request, n)
		if o := access(plugin, request, cfg); o.err != nil || o.status != 0 || o.ack != "broker" {
			t.Fatalf("%+v", o)
		}
		return bytes.Load() - before
	}
	deliver(1) // learns of its route
	for n := range int64(4) {
		got, most := deliver(n+2), size*13/10
		if got > most {
			t.Errorf("a delivery with %d bytes of headers and body moves %d, want at most %d", size, got, most)
		}
		t.Logf("%d bytes for %d of headers and body", got, size)
	}
}

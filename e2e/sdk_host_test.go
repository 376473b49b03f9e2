package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// sdkDelivery is a delivery as sdk/host.js takes and gives it. Header names are in lower
// case, and no header is there twice.
type sdkDelivery struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    []byte            `json:"body"`
}

func (d sdkDelivery) clone() sdkDelivery {
	d.Headers, d.Body = maps.Clone(d.Headers), bytes.Clone(d.Body)
	return d
}

// sdkQuestion is a line for the host, and sdkAnswer what it says to it.
type (
	sdkQuestion struct {
		Op       string            `json:"op"`
		Sender   string            `json:"sender,omitempty"`
		Key      string            `json:"key,omitempty"`
		Private  string            `json:"private,omitempty"`
		Settings map[string]string `json:"settings,omitempty"`
		At       int64             `json:"at,omitempty"` // milliseconds; set by ask
		Delivery *sdkDelivery      `json:"delivery,omitempty"`

		later time.Duration // than the host's turn is At
	}
	sdkAnswer struct {
		Valid    bool         `json:"valid"`
		Why      string       `json:"why"`
		Delivery *sdkDelivery `json:"delivery"`
		Error    string       `json:"error"`
		Senders  map[string]struct {
			Package string `json:"package"`
			Signer  string `json:"signer"`
		} `json:"senders"`
	}
)

// sdkHost is a Node process that has loaded the senders' SDKs.
type sdkHost struct {
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

const sdkFolder = "sdk"

// startSDKs starts the host. Where it or its packages are missing the test is skipped, or
// fails where CI is set.
func startSDKs(t *testing.T) *sdkHost {
	t.Helper()
	needsNode(t, sdkFolder)
	cmd := exec.CommandContext(t.Context(), "node", "host.js")
	cmd.Dir = sdkFolder
	var fault bytes.Buffer
	cmd.Stderr = &fault
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // which ends it
		_ = cmd.Wait()
		if t.Failed() && fault.Len() > 0 {
			t.Logf("node: %s", fault.String())
		}
	})
	return &sdkHost{in: in, out: bufio.NewReader(out)}
}

// needsNode skips a test where Node or the packages of a folder are missing, and fails it
// where CI is set.
func needsNode(t *testing.T, folder string) {
	t.Helper()
	if why := missing(folder); why != "" {
		notTested(t, why)
	}
}

// missing says what is not installed as a folder's lock file has it, or nothing.
func missing(folder string) string {
	if _, err := exec.LookPath("node"); err != nil {
		return "node is not installed (apt-get install nodejs npm)"
	}
	const install = " (make sdks)"
	wanted, err := lockedVersions(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return err.Error()
	}
	found, err := lockedVersions(filepath.Join(folder, "node_modules", ".package-lock.json"))
	if errors.Is(err, os.ErrNotExist) {
		return "the packages of " + folder + " are not installed" + install
	}
	for name, version := range wanted {
		// What is for other systems alone is in the lock file and not installed.
		if got, ok := found[name]; ok && got != version {
			return "the packages of " + folder + " are not those of the lock file" + install
		}
	}
	return ""
}

func lockedVersions(file string) (map[string]string, error) {
	lock, err := readLock(file)
	if err != nil {
		return nil, err
	}
	versions := map[string]string{}
	for name, p := range lock.Packages {
		if name != "" {
			versions[name] = p.Version
		}
	}
	return versions, nil
}

// ask gives the host a line and reads its answer.
func (h *sdkHost) ask(t *testing.T, q sdkQuestion) sdkAnswer {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	q.At = time.Now().Add(q.later).UnixMilli() // the wait for a turn makes nothing older
	line, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	text, err := h.out.ReadBytes('\n')
	var a sdkAnswer
	if err := errors.Join(err, json.Unmarshal(text, &a)); err != nil {
		t.Fatal(err)
	}
	if a.Error != "" {
		t.Fatalf("%s %s: %s", q.Op, q.Sender, a.Error)
	}
	return a
}

// capturer takes what `webhookctl send` sends, as deliveries to the public URL.
type capturer struct {
	*gateway
	mu   sync.Mutex
	last map[string]sdkDelivery // by the path
}

func newCapturer(t *testing.T) *capturer {
	t.Helper()
	c := &capturer{last: map[string]sdkDelivery{}}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		d := sdkDelivery{Method: r.Method, URL: sdkURL(filepath.Base(r.URL.Path)), Headers: map[string]string{}, Body: body}
		if r.URL.RawQuery != "" {
			d.URL += "?" + r.URL.RawQuery
		}
		for name, values := range r.Header {
			if !slices.Contains([]string{"User-Agent", "Content-Length", "Accept-Encoding"}, name) {
				d.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
			}
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.last[r.URL.Path] = d
	}))
	t.Cleanup(server.Close)
	c.gateway = &gateway{url: server.URL}
	return c
}

func sdkURL(sender string) string { return "https://hooks.example.com/webhooks/" + sender }

// sent is the delivery that the command makes for a sender.
func (c *capturer) sent(t *testing.T, p *provided, args ...string) sdkDelivery {
	t.Helper()
	if out, err := p.send(t, c.gateway, append(args, "--public-url", sdkURL(p.Name))...); err != nil {
		t.Fatalf("%s %s", err, out)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last["/webhooks/"+p.Name].clone()
}

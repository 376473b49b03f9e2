package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
)

const consumerFolder = "../plugins/consumer/examples/js"

// work is the service that an example hands events to: it answers as their ids say.
type work struct {
	*httptest.Server
	mu   sync.Mutex
	took map[string][]int // what was answered, by id
	last map[string]string
}

func startWork(t *testing.T) *work {
	t.Helper()
	w := &work{took: map[string][]int{}, last: map[string]string{}}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *work) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	id := r.Header.Get("Ce-Id")
	subject, _ := url.PathUnescape(r.Header.Get("Ce-Subject"))
	w.mu.Lock()
	defer w.mu.Unlock()
	status := http.StatusOK
	switch {
	case id == "later" && len(w.took[id]) == 0, id == "never" && len(w.took[id]) < 4:
		status = http.StatusServiceUnavailable
	case id == "wrong":
		status = http.StatusUnprocessableEntity
	}
	w.took[id] = append(w.took[id], status)
	w.last[id] = r.Header.Get("Ce-Source") + " " + r.Header.Get("Ce-Type") + " " + subject + " " + digest(body)
	rw.WriteHeader(status)
}

func (w *work) done(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.took[id])
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// startConsumers starts the shipped users of NATS, the shipped streams, and a gateway with
// a route of each content mode.
func startConsumers(t *testing.T) *gateway {
	t.Helper()
	for _, user := range []string{"NATS", "NATS_CONSUMER", "NATS_OPERATOR"} {
		t.Setenv(user+"_PASSWORD", "of-the-test")
	}
	broker := &natsProcess{t: t, dir: t.TempDir(), port: freeAddress(t)[len("127.0.0.1:"):], conf: "../kong/nats.conf"}
	broker.start()
	t.Cleanup(broker.kill)
	if out, err := webhookctl(t, nil, "streams", "apply", "--file", "../kong/streams.yml", "--server", broker.url()); err != nil {
		t.Fatal(err, out)
	}
	config := one("github", "")
	_, route, _ := strings.Cut(config, "routes:\n")
	route = strings.Replace(strings.ReplaceAll(route, "webhooks/github", "webhooks/binary"), "name: github", "name: binary", 1)
	config += strings.Replace(route, "broker_sync: always", "broker_sync: always, content_mode: binary", 1)
	return startGatewayAt(t, broker, config, nil, func(*local.Options) {})
}

// example starts an example as its page says, and ends it as a service is ended.
func (g *gateway) example(t *testing.T, consumer string, w *work, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "NATS_URL="+g.nats.url(), "NATS_USER=consumer", "CONSUMER="+consumer, "SUBJECT=webhooks.github.*.issues.>", "SERVICE_URL="+w.URL, "BACKOFF_MS=20")
	said := &lockedBuffer{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		end := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		defer end.Stop()
		if err := cmd.Wait(); err != nil || strings.Contains(said.String(), githubIssue) {
			t.Errorf("%s ends: %v\n%s", consumer, err, said)
		}
		if t.Failed() {
			t.Logf("%s says:\n%s", consumer, said)
		}
	})
}

// githubIssue stands in every payload, and in no log.
const githubIssue = "an issue of the test"

// TestConsumer_examplesReadAllThatIsStored hands the same events to each example, under the
// permissions that kong/nats.conf gives to consumers.
func TestConsumer_examplesReadAllThatIsStored(t *testing.T) {
	g := startConsumers(t)
	s := senders()["github"]
	bodies := map[string]string{}
	for id, path := range map[string]string{"plain": s.path, "later": s.path, "never": s.path, "wrong": s.path, "binary": "/webhooks/binary", "large": s.path, "large-binary": "/webhooks/binary"} {
		body := fmt.Sprintf(`{"action":"opened","issue":{"node_id":%q,"title":%q},"repository":{"full_name":"octo-org/café %%41","owner":{"login":"octo-org"}}}`, id, githubIssue)
		if strings.HasPrefix(id, "large") {
			body = strings.Replace(body, `,"issue"`, `,"big": [1.50, 9007199254740993, "`+strings.Repeat("x", 200_000)+`"],"issue"`, 1)
		}
		bodies[id] = body
		if r := g.do(http.MethodPost, path, s.sign(s.secret, id, body, time.Now()), body); r.status != http.StatusOK {
			t.Fatalf("%s: %+v", id, r)
		}
	}
	other := `{"action":"created","issue":{},"comment":{},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`
	h := s.sign(s.secret, "other", other, time.Now())
	h.Set("X-GitHub-Event", "issue_comment")
	if r := g.do(http.MethodPost, s.path, h, other); r.status != http.StatusOK {
		t.Fatalf("%+v", r)
	}
	g.spoil(t)
	runs := map[string][]string{"example-go": {filepath.Join(binaries, "go")}}
	if err := build("webhookedge/plugins/consumer/examples/go", false); err != nil {
		t.Fatal(err)
	}
	for consumer, command := range runs {
		t.Run(consumer, func(t *testing.T) { g.consume(t, consumer, bodies, command) })
	}
	t.Run("example-js", func(t *testing.T) {
		needsNode(t, consumerFolder)
		g.consume(t, "example-js", bodies, []string{"node", filepath.Join(consumerFolder, "consumer.js")})
	})
	g.pageHasHeaders(t)
}

// pageHasHeaders holds that the page for consumers names every header that is stored.
func (g *gateway) pageHasHeaders(t *testing.T) {
	t.Helper()
	page, err := os.ReadFile("../plugins/consumer/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range []string{"WEBHOOKS", "WEBHOOKS_DEAD"} {
		for _, m := range g.stored(stream) {
			for name := range m.Header {
				read := slices.Contains([]string{"Nats-Stream", "Nats-Subject", "Nats-Sequence", "Nats-Time-Stamp"}, name) // of the answer to who reads
				if !read && !strings.HasPrefix(name, "ce-") && !strings.Contains(strings.ToLower(string(page)), "`"+strings.ToLower(name)+"`") {
					t.Errorf("the page does not name the header %s of %s", name, stream)
				}
			}
		}
	}
}

// spoil stores, beside good events, the plain one a second time, what is no event, and one
// whose payload in the object store is another's.
func (g *gateway) spoil(t *testing.T) {
	t.Helper()
	var again []*nats.Msg
	for _, m := range g.events() {
		switch {
		case strings.Contains(string(m.Data), `"id":"plain"`):
			again = append(again, &nats.Msg{Subject: m.Subject, Header: nats.Header{"Content-Type": m.Header["Content-Type"]}, Data: m.Data},
				&nats.Msg{Subject: m.Subject, Header: nats.Header{"Content-Type": m.Header["Content-Type"]}, Data: []byte(`{"data":"` + githubIssue + `"}`)})
		case strings.Contains(string(m.Data), `"id":"large"`):
			var e map[string]any
			if err := json.Unmarshal(m.Data, &e); err != nil {
				t.Fatal(err)
			}
			e["id"], e["datasha256"] = "tampered", digest(nil)
			data, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			again = append(again, &nats.Msg{Subject: m.Subject, Header: nats.Header{"Content-Type": m.Header["Content-Type"]}, Data: data})
		}
	}
	if len(again) != 3 {
		t.Fatalf("%d messages to spoil", len(again))
	}
	g.withStream(t, func(js jetstream.JetStream, _ jetstream.Stream) {
		for _, msg := range again {
			if _, err := js.PublishMsg(t.Context(), msg); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// consume runs an example over what is stored and looks at what its service got, at its
// dead letters, and at what is left.
func (g *gateway) consume(t *testing.T, consumer string, bodies map[string]string, command []string) {
	t.Helper()
	w := startWork(t)
	g.example(t, consumer, w, command[0], command[1:]...)
	type letter struct {
		Sequence   int
		Consumer   string
		Subject    string
		Deliveries int
		Reason     string
	}
	letters := func() (all []letter) {
		out, err := webhookctl(t, nil, "dlq", "ls", "--of-stream", "WEBHOOKS", "--json", "--server", g.nats.url())
		if err != nil {
			return nil
		}
		for line := range strings.Lines(out) {
			var l letter
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err, line)
			}
			if l.Consumer == consumer {
				all = append(all, l)
			}
		}
		return all
	}
	g.isSettled(t, consumer, 4)
	var again string
	got := map[string]int{}
	for _, l := range letters() {
		got[fmt.Sprintf("%s after %d: %s", l.Subject, l.Deliveries, l.Reason)]++
		if l.Deliveries == 4 {
			again = fmt.Sprint(l.Sequence)
		}
	}
	want := map[string]int{}
	for _, why := range []string{"4: the service answers 503", "1: the service answers 422", "1: it is no event", "1: its payload is another one"} {
		want["webhooks.github.octo-org.issues.opened after "+why]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	if out, err := webhookctl(t, nil, "dlq", "replay", again, "--server", g.nats.url()); err != nil {
		t.Fatal(err, out)
	}
	eventually(t, "what was replayed is handled", func() bool { return w.done("never") == 5 })
	g.isSettled(t, consumer, 3)
	g.forget(t)
	w.mu.Lock()
	defer w.mu.Unlock()
	ok, later := []int{200}, []int{503, 200}
	if diff := cmp.Diff(map[string][]int{"plain": ok, "later": later, "never": {503, 503, 503, 503, 200}, "wrong": {422}, "binary": ok, "large": ok, "large-binary": ok}, w.took); diff != "" {
		t.Errorf("answers of the service (-want +got):\n%s", diff)
	}
	for id, body := range bodies {
		if want := "/webhooks/github/octo-org github.issues.opened octo-org/café %41 " + digest([]byte(body)); w.last[id] != want {
			t.Errorf("%s: the service got %s, want %s", id, w.last[id], want)
		}
	}
}

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"webhookedge/kong/local"
)

// provided is what `webhookctl providers --json` tells of a row, as far as it is
// needed to set a route up.
type provided struct {
	Name    string `json:"name"`
	Schemes []struct {
		Name      string `json:"name"`
		Kind      string `json:"kind"`
		Key       string `json:"key"` // its form
		Tolerance int    `json:"tolerance_seconds"`
	} `json:"schemes"`
	Handshakes []json.RawMessage `json:"handshakes"`
	Settings   []struct {
		Name    string `json:"name"`
		Default string `json:"default"`
		Example string `json:"example"`
	} `json:"settings"`

	private, public string // keys, which are the same for a shared secret
}

// webhookctl runs the command and returns what it prints.
func webhookctl(t testing.TB, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(binaries, "webhookctl"), args...)
	cmd.Env = append(os.Environ(), append(env, "GOMAXPROCS=1", "GOGC=off")...) // each run is short
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, fault.String())
	}
	return out.String(), err
}

func catalogue(t *testing.T) []*provided {
	t.Helper()
	text, err := webhookctl(t, nil, "providers", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []*provided
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 110 {
		t.Fatalf("%d providers", len(rows))
	}
	return rows
}

// eachRow calls f for every row, a few at a time.
func eachRow(t *testing.T, rows []*provided, f func(t *testing.T, p *provided)) {
	t.Helper()
	for _, p := range rows {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			f(t, p)
		})
	}
}

// newKeys has the command make keys, as its user does; of those that are any text, one,
// since each is a run of the command.
func newKeys(t *testing.T, rows []*provided) {
	t.Helper()
	var wg sync.WaitGroup
	free := make(chan struct{}, 4)
	text := false
	for _, p := range rows {
		if scheme := p.Schemes[0]; scheme.Key == "text" && scheme.Kind != "basic" {
			if text {
				p.private = random()
				p.public = p.private
				continue
			}
			text = true
		}
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			p.newKey(t)
		})
	}
	wg.Wait()
}

func (p *provided) newKey(t *testing.T) {
	t.Helper()
	text, err := webhookctl(t, nil, "send", "--provider", p.Name, "--new-key")
	if err != nil {
		t.Errorf("%s: %v", p.Name, err)
		return
	}
	sender, config, ok := strings.Cut(text, "\n\n# for verify.secrets in kong.yml\n")
	if !ok {
		t.Errorf("%s: %s", p.Name, text)
		return
	}
	_, p.private, _ = strings.Cut(sender, "\n")
	p.public = strings.TrimSpace(config)
}

// variable is the environment variable of a vault reference.
func variable(parts ...string) string {
	return strings.ToUpper(strings.ReplaceAll(strings.Join(parts, "_"), "-", "_"))
}

// examples makes one kong.yml of the example of every row. Keys that a provider
// publishes are given as secrets, since nothing is fetched here.
func examples(t *testing.T, rows []*provided, change func(text string) string) string {
	t.Helper()
	all := "_format_version: \"3.0\"\nroutes:\n"
	for _, p := range rows {
		text, err := os.ReadFile(filepath.Join("..", "kong", "examples", p.Name+".yml"))
		if err != nil {
			t.Fatal(err)
		}
		_, route, ok := strings.Cut(string(text), "\nroutes:\n")
		if !ok {
			t.Fatalf("%s: no routes", p.Name)
		}
		route = strings.Replace(route, "secrets: [] # the provider publishes its keys", `secrets: [{value: "{vault://env/`+p.Name+`-webhook-secret}"}]`, 1)
		all += change(route)
	}
	return all
}

// gatewayOf serves the examples of rows.
func gatewayOf(t *testing.T, rows []*provided, change func(text string) string) *gateway {
	t.Helper()
	return gatewayAt(t, "127.0.0.1:0", rows, change)
}

// gatewayAt is gatewayOf at an address.
func gatewayAt(t *testing.T, address string, rows []*provided, change func(text string) string) *gateway {
	t.Helper()
	return startGatewayWith(t, examples(t, rows, change), func(env map[string]string) {
		for _, p := range rows {
			env[variable(p.Name, "webhook-secret")] = p.public
			for _, s := range p.Settings {
				env[variable(p.Name, s.Name)] = s.Example
			}
		}
	}, func(o *local.Options) { o.Listen = address })
}

// send has the command sign and send, and returns what it prints.
func (p *provided) send(t *testing.T, g *gateway, args ...string) (string, error) {
	t.Helper()
	all := []string{"send", "--provider", p.Name, "--url", g.url + "/webhooks/" + p.Name, "--secret-env", "E2E_SECRET"}
	for _, s := range p.Settings {
		if s.Default == "" {
			all = append(all, "--setting", s.Name+"="+s.Example)
		}
	}
	return webhookctl(t, []string{"E2E_SECRET=" + p.private}, append(all, args...)...)
}

// samplesVariable is "all" for every sample of every provider; one of each is sent
// otherwise, since each is a run of the command.
const samplesVariable = "E2E_SAMPLES"

// samples lists the events that send has a payload for, or the first that is no
// handshake. "" is the first, which needs no run of the command.
func (p *provided) samples(t *testing.T) []string {
	t.Helper()
	all := os.Getenv(samplesVariable) == "all"
	if !all && len(p.Handshakes) == 0 {
		return []string{""}
	}
	_, err := webhookctl(t, []string{"E2E_SECRET=x"}, "send", "--provider", p.Name, "--url", "http://127.0.0.1:1", "--secret-env", "E2E_SECRET", "--event", "no such event")
	if err == nil {
		t.Fatal("there is no such event")
	}
	_, list, ok := strings.Cut(err.Error(), "there are: ")
	list, _, _ = strings.Cut(list, "\n")
	if !ok {
		t.Fatal(err)
	}
	events := strings.Split(list, ", ")
	if all {
		return events
	}
	if i := slices.IndexFunc(events, func(event string) bool { return !isHandshake(event) }); i >= 0 {
		return events[i : i+1]
	}
	return events
}

func isHandshake(event string) bool {
	return strings.HasSuffix(event, "_verification") || strings.HasSuffix(event, "_validation")
}

// fewer leaves some rows under the race detector, where each delivery costs ten times
// as much: all that are no HMAC, and some of those.
func fewer(rows []*provided) (some []*provided) {
	for i, p := range rows {
		if kind := p.Schemes[0].Kind; !raceDetector || i%8 == 0 || kind != "hmac" && kind != "token" {
			some = append(some, p)
		}
	}
	return some
}

// TestProviders_throughTheEdge sends a sample of every provider, and a forgery of it, to
// the provider's example.
func TestProviders_throughTheEdge(t *testing.T) {
	t.Parallel()
	rows := fewer(catalogue(t))
	newKeys(t, rows)
	g := gatewayOf(t, rows, func(text string) string { return text })
	t.Run("rows", func(t *testing.T) {
		eachRow(t, rows, func(t *testing.T, p *provided) {
			public := []string{"--public-url", "https://hooks.example.com/webhooks/" + p.Name}
			for _, event := range p.samples(t) {
				if out, err := p.send(t, g, append(public, "--event", event)...); err != nil {
					t.Errorf("%s: %v %s", event, err, out)
				} else if !strings.Contains(out, "ack=") && !isHandshake(event) {
					t.Errorf("%s: nothing is stored: %s", event, out)
				}
			}
			out, err := p.send(t, g, append(public, "--mutate", "forge")...)
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasPrefix(out, "4") {
				t.Errorf("a forged delivery: %v %s", err, out)
			}
		})
	})
	stored := map[string]bool{}
	for _, m := range g.events() {
		if name := strings.Split(m.Subject, "."); len(name) > 1 {
			stored[name[1]] = true
		}
	}
	for _, p := range rows {
		if !stored[p.Name] {
			t.Errorf("no event of %s is in the stream", p.Name)
		}
		if log := g.logged(); p.private != "" && strings.Contains(log, p.private) {
			t.Errorf("the key of %s is in the log", p.Name)
		}
	}
}

// TestPublicURL_isTakenFromTheRequest sends to routes of providers that sign the URL. The
// routes know the host under which they are called, and nothing more.
func TestPublicURL_isTakenFromTheRequest(t *testing.T) {
	t.Parallel()
	rows := slices.DeleteFunc(catalogue(t), func(p *provided) bool {
		return !slices.Contains([]string{"twilio", "square", "hubspot", "mandrill", "trello", "plivo", "messagebird", "contentful"}, p.Name)
	})
	newKeys(t, rows)
	address := freeAddress(t)
	g := gatewayAt(t, address, rows, func(text string) string {
		head, tail, ok := strings.Cut(text, "            public_url: ")
		if !ok {
			t.Fatalf("nothing signs its URL here:\n%s", text)
		}
		_, tail, _ = strings.Cut(tail, "\n")
		if strings.Contains(text, "provider: contentful") { // signs the path only
			return head + tail
		}
		return head + "            public_hosts: [\"" + address + "\"]\n" + tail
	})
	eachRow(t, rows, func(t *testing.T, p *provided) {
		if out, err := p.send(t, g); err != nil {
			t.Errorf("%v %s\n%s", err, out, g.logged())
		}
		if out, err := p.send(t, g, "--public-url", "https://elsewhere.example.com/webhooks/"+p.Name); err == nil && p.Name != "contentful" {
			t.Errorf("a delivery for another endpoint: %s", out)
		}
	})
}

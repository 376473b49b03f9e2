package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// attempt is a form of a delivery that an SDK and we decide on.
type attempt struct {
	form     string
	delivery sdkDelivery
	genuine  bool // it is a delivery that the sender makes
	sent     bool // by our signer
}

// sdkSuite plays the senders that have an SDK.
type sdkSuite struct {
	host     *sdkHost
	capturer *capturer
	edge     *gateway
}

// playSDKs has play try each sender of the table, with a key of its own and one of a
// stranger.
func playSDKs(t *testing.T, play func(t *testing.T, s *sdkSuite, p, stranger *provided)) {
	t.Helper()
	s := &sdkSuite{host: startSDKs(t), capturer: newCapturer(t)}
	table := sdkSenders()
	rows := slices.DeleteFunc(catalogue(t), func(p *provided) bool { _, ok := table[p.Name]; return !ok })
	strangers := map[string]*provided{}
	for _, p := range rows {
		stranger := *p
		strangers[p.Name] = &stranger
	}
	newKeys(t, rows)
	newKeys(t, slices.Collect(maps.Values(strangers)))
	s.edge = verifiers(t, rows)
	t.Run("rows", func(t *testing.T) {
		eachRow(t, rows, func(t *testing.T, p *provided) { play(t, s, p, strangers[p.Name]) })
	})
}

// verifiers serves a route that verifies alone for each row, before a service that
// takes what comes through.
func verifiers(t *testing.T, rows []*provided) *gateway {
	t.Helper()
	text := "_format_version: \"3.0\"\nservices:\n  - name: backend\n    url: " + startBackend(t).URL + "\n    routes:\n"
	for _, p := range rows {
		text += fmt.Sprintf(`      - name: %[1]s
        paths: [/webhooks/%[1]s]
        plugins:
          - name: webhook-verify
            config:
              provider: %[1]s
              respond: continue
              scheme: %[2]s
              public_url: %[3]s
              secrets: [{value: "{vault://env/%[1]s-webhook-secret}"}]
`, p.Name, p.Schemes[0].Name, sdkURL(p.Name))
		if len(p.given()) > 0 {
			text += "              settings:\n"
		}
		for name, value := range p.given() {
			text += fmt.Sprintf("                - {name: %s, value: %q}\n", name, value)
		}
	}
	return startGateway(t, text, func(env map[string]string) {
		for _, p := range rows {
			env[variable(p.Name, "webhook-secret")] = p.public
		}
	})
}

// given are the values of p's settings that have no default.
func (p *provided) given() map[string]string {
	all := map[string]string{}
	for _, s := range p.Settings {
		if s.Default == "" {
			all[s.Name] = s.Example
		}
	}
	return all
}

// try has the SDK and the edge decide, and holds what they say against the table.
func (s *sdkSuite) try(t *testing.T, p *provided, a attempt) {
	t.Helper()
	row := sdkSenders()[p.Name]
	_, alone := row.sdkTakes[a.form]
	_, both := row.bothTake[a.form]
	faulty := a.sent && row.known != ""
	h := http.Header{}
	for name, value := range a.delivery.Headers {
		h.Set(name, value)
	}
	answer := s.edge.do(a.delivery.Method, strings.TrimPrefix(a.delivery.URL, "https://hooks.example.com"), h, string(a.delivery.Body))
	if want := a.genuine || both; (answer.status == http.StatusAccepted) != want || !want && answer.status/100 != 4 {
		t.Errorf("%s: we answer %d %s, and the table says that we take it: %t", a.form, answer.status, answer.body, want)
	}
	sdk := s.host.ask(t, sdkQuestion{Op: "verify", Sender: p.Name, Key: p.public, Settings: p.given(), Delivery: &a.delivery})
	if want := (a.genuine || alone || both) && !faulty; sdk.Valid != want && (a.genuine || !faulty) {
		t.Errorf("%s: the SDK takes it: %t, and the table says %t (%s)", a.form, sdk.Valid, want, sdk.Why)
	}
}

// tryForms tries a genuine delivery and what becomes of it.
func (s *sdkSuite) tryForms(t *testing.T, p *provided, d sdkDelivery, sent bool) {
	t.Helper()
	s.try(t, p, attempt{form: "genuine", genuine: true, delivery: d, sent: sent})
	for form, spoiled := range spoiled(d, sdkSenders()[p.Name].signature) {
		s.try(t, p, attempt{form: form, delivery: spoiled, sent: sent})
	}
}

// signed is d as the SDK signs it, so much later than now.
func (s *sdkSuite) signed(t *testing.T, p *provided, d sdkDelivery, later time.Duration) sdkDelivery {
	t.Helper()
	return *s.host.ask(t, sdkQuestion{Op: "sign", Sender: p.Name, Key: p.public, Private: p.private, Settings: p.given(), later: later, Delivery: &d}).Delivery
}

// stale is the time by which a delivery of p is too old, or too new; 0 where p signs no
// time. Tokens say when they expire, which is an hour after they were made at most.
func (p *provided) stale() time.Duration {
	switch s := p.Schemes[0]; {
	case s.Tolerance > 0:
		return time.Duration(s.Tolerance)*time.Second + time.Minute
	case s.Kind == "jwt":
		return 2 * time.Hour
	}
	return 0
}

// TestSDK_verifiesWhatWeSign gives what `webhookctl send` makes to the verifiers of its
// senders, genuine and spoiled. Where they and we differ the table says why.
func TestSDK_verifiesWhatWeSign(t *testing.T) {
	t.Parallel()
	playSDKs(t, func(t *testing.T, s *sdkSuite, p, _ *provided) {
		for i, event := range p.samples(t) {
			d := s.capturer.sent(t, p, "--event", event)
			if i == 0 {
				s.tryForms(t, p, d, true)
			} else {
				s.try(t, p, attempt{form: event, genuine: true, delivery: d, sent: true})
			}
		}
		s.try(t, p, attempt{form: "forged", delivery: s.capturer.sent(t, p, "--mutate", "forge"), sent: true})
		if tolerance := p.Schemes[0].Tolerance; tolerance > 0 && tolerance < 7200 { // it is two hours old
			s.try(t, p, attempt{form: "aged", delivery: s.capturer.sent(t, p, "--mutate", "age"), sent: true})
		}
	})
}

// TestSDK_signaturesAreVerified gives us what the SDKs sign, genuine and spoiled.
func TestSDK_signaturesAreVerified(t *testing.T) {
	t.Parallel()
	playSDKs(t, func(t *testing.T, s *sdkSuite, p, stranger *provided) {
		sample := s.capturer.sent(t, p, "--event", p.samples(t)[0])
		s.signed(t, p, sample, 0) // which loads the SDK, longer than Paddle's delivery is good for
		s.tryForms(t, p, s.signed(t, p, sample, 0), false)
		s.try(t, p, attempt{form: "forged", delivery: s.signed(t, stranger, sample, 0)})
		if age := p.stale(); age > 0 {
			s.try(t, p, attempt{form: "aged", delivery: s.signed(t, p, sample, -age)})
			s.try(t, p, attempt{form: "from the future", delivery: s.signed(t, p, sample, age)})
		}
	})
}

// TestSDK_areThoseOfTheTable compares the table with the host and with its packages.
func TestSDK_areThoseOfTheTable(t *testing.T) {
	senders := startSDKs(t).ask(t, sdkQuestion{Op: "list"}).Senders
	if got, want := slices.Sorted(maps.Keys(senders)), slices.Sorted(maps.Keys(sdkSenders())); !slices.Equal(got, want) {
		t.Errorf("the host has %q, and the table %q", got, want)
	}
	if len(senders) < 40 {
		t.Errorf("%d senders", len(senders))
	}
	var used []string
	for _, s := range senders {
		used = append(used, s.Package)
	}
	slices.Sort(used)
	lock, err := readLock(filepath.Join(sdkFolder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(lock.Packages[""].Dependencies)), slices.Compact(used); !slices.Equal(got, want) {
		t.Errorf("packages %q are locked, and %q used", got, want)
	}
}

// npmLock is a package-lock.json, as docs.npmjs.com describes it (package-lock.json).
type npmLock struct {
	Version  int `json:"lockfileVersion"`
	Packages map[string]struct {
		Version         string            `json:"version"`
		Resolved        string            `json:"resolved"`
		Integrity       string            `json:"integrity"`
		Dependencies    map[string]string `json:"dependencies"`
		DevDependencies map[string]string `json:"devDependencies"`
	} `json:"packages"`
}

func readLock(file string) (lock npmLock, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return lock, err
	}
	return lock, json.Unmarshal(text, &lock)
}

// TestSDK_packagesAreLocked holds that what is installed is fixed by its digest, and comes
// from the public registry or from whichever one the machine is set up for.
func TestSDK_packagesAreLocked(t *testing.T) {
	for folder, least := range map[string]int{sdkFolder: 50, consumerFolder: 15} {
		lock, err := readLock(filepath.Join(folder, "package-lock.json"))
		if err != nil {
			t.Fatal(err)
		}
		if lock.Version != 3 || len(lock.Packages) < least {
			t.Errorf("%s: version %d with %d packages", folder, lock.Version, len(lock.Packages))
		}
		lock.isExact(t)
	}
}

// isExact fails unless every package is one version, of one digest, from the public registry.
func (l *npmLock) isExact(t *testing.T) {
	t.Helper()
	for name, p := range l.Packages {
		if name == "" {
			for _, dependencies := range []map[string]string{p.Dependencies, p.DevDependencies} {
				for dependency, version := range dependencies {
					if strings.Trim(version, "0123456789.") != "" {
						t.Errorf("%s %s is no exact version", dependency, version)
					}
				}
			}
			continue
		}
		if !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s: integrity %q", name, p.Integrity)
		}
		if p.Resolved != "" && !strings.HasPrefix(p.Resolved, "https://registry.npmjs.org/") {
			t.Errorf("%s comes from %s", name, p.Resolved)
		}
	}
}

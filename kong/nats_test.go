package kong_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/nats-io/nats-server/v2/server"
)

// natsOptions reads nats.conf as the container would, with the variables that the
// compose file hands to it.
func natsOptions(t *testing.T, password string) (*server.Options, types.ServiceConfig) {
	t.Helper()
	given := passwords()
	for name := range given {
		given[name] = password
	}
	p := project(t, given)
	for name, value := range environment(t, p, "nats") {
		t.Setenv(name, value)
	}
	nats := p.Services["nats"]
	i := slices.Index(nats.Command, "-c")
	if i < 0 || i+1 == len(nats.Command) {
		t.Fatalf("nats is started with %q", nats.Command)
	}
	for _, v := range nats.Volumes {
		if v.Target == nats.Command[i+1] {
			opts, err := server.ProcessConfigFile(v.Source)
			if err != nil {
				t.Fatal(err)
			}
			return opts, nats
		}
	}
	t.Fatalf("nothing is mounted at %s", nats.Command[i+1])
	return nil, nats
}

func TestNATS_takesAnyPassword(t *testing.T) {
	cases := map[string]string{
		"letters":                  "change-me-please",
		"digits only":              "123456789012",
		"digits beyond an integer": strings.Repeat("9", 40),
		"a size":                   "8mb",
		"a boolean":                "true",
		"a variable":               "$other",
		"a comment":                "a#b//c",
		"a line's end":             "a;b",
		"brackets":                 "({[",
		"an escape":                `a\xb`,
		"a double quote":           `a"b`,
	}
	for name, password := range cases {
		t.Run(name, func(t *testing.T) {
			opts, _ := natsOptions(t, password)
			for _, u := range opts.Users {
				if u.Password != password {
					t.Errorf("NATS has another password for %s than was given", u.Username)
				}
			}
		})
	}
}

func TestNATS_storesOnTheVolume(t *testing.T) {
	opts, nats := natsOptions(t, "of-the-test")
	if !opts.JetStream || opts.StoreDir == "" {
		t.Fatalf("JetStream %v in %q", opts.JetStream, opts.StoreDir)
	}
	for _, v := range nats.Volumes {
		inside := opts.StoreDir == v.Target || strings.HasPrefix(opts.StoreDir, v.Target+"/")
		if v.Type == types.VolumeTypeVolume && v.Source != "" && inside {
			return
		}
	}
	t.Errorf("no named volume holds %s", opts.StoreDir)
}

func TestNATS_isWhereKongAndTheHealthCheckLook(t *testing.T) {
	opts, nats := natsOptions(t, "of-the-test")
	var users []string
	for _, u := range opts.Users {
		users = append(users, u.Username)
		if (u.Permissions == nil) != (u.Username == "operator") {
			t.Errorf("permissions of %s: %v", u.Username, u.Permissions)
		}
	}
	if !slices.Equal(users, []string{"webhooks", "consumer", "operator"}) || opts.NoAuthUser != "" {
		t.Errorf("users %v", users)
	}
	u, err := url.Parse(environment(t, project(t, passwords()), "kong")["NATS_URL"])
	if err != nil || u.Scheme != "nats" || u.Hostname() != "nats" || u.Port() != strconv.Itoa(opts.Port) || u.User != nil {
		t.Errorf("NATS_URL %s, but the service is nats:%d: %v", u, opts.Port, err)
	}
	check := strings.Join(nats.HealthCheck.Test, " ")
	if !strings.Contains(check, fmt.Sprintf("http://127.0.0.1:%d/healthz?js-enabled-only=true", opts.HTTPPort)) {
		t.Errorf("monitoring is on %d, the health check is %s", opts.HTTPPort, check)
	}
}

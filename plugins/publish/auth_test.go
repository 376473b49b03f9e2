package publish_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

func userSeed(t *testing.T) (seed, public string) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	text, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	public, err = pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return string(text), public
}

func TestCredentials_areShown(t *testing.T) {
	seed, public := userSeed(t)
	otherSeed, _ := userSeed(t)
	withUser := func(o *server.Options) { o.Username, o.Password = "edge", "right-password" }
	withToken := func(o *server.Options) { o.Authorization = "right-token" }
	withNkey := func(o *server.Options) { o.Nkeys = []*server.NkeyUser{{Nkey: public}} }
	tests := map[string]struct {
		broker func(*server.Options)
		set    object
		wrong  string // what readiness must say; empty where it lets us in
	}{
		"user and password": {withUser, object{"username": "edge", "password": "right-password"}, ""},
		"token":             {withToken, object{"token": "right-token"}, ""},
		"nkey":              {withNkey, object{"nkey_seed": seed}, ""},
		"a wrong password":  {withUser, object{"username": "edge", "password": "wrong-password"}, "refuses us with username and password"},
		"a wrong token":     {withToken, object{"token": "wrong-token"}, "refuses us with token"},
		"another nkey":      {withNkey, object{"nkey_seed": otherSeed}, "refuses us with nkey_seed"},
		"none":              {withUser, object{}, "refuses us with no credentials"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, tt.broker)
			tt.set["servers"], tt.set["stream"] = []string{broker.ClientURL()}, object{"ensure": "create"}
			stage, out := newStage(t, tt.set)
			var said string
			if tt.wrong == "" {
				eventually(t, func() error { return stage.Ready(t.Context()) })
				if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
					t.Errorf("let in and then: %v", err)
				}
			} else {
				err := stage.Handle(t.Context(), delivery("e1"))
				wantReject(t, err, pipeline.BrokerUnavailable, publish.ErrDisconnected)
				eventually(t, func() error {
					said = stage.Ready(t.Context()).Error() + err.Error()
					if !strings.Contains(said, tt.wrong) {
						return errors.New(said)
					}
					return nil
				})
			}
			for _, secret := range []string{"right-password", "wrong-password", "right-token", "wrong-token", seed, otherSeed} {
				if strings.Contains(out.String()+said, secret) {
					t.Errorf("a secret is in a log or an error: %s %s", out, said)
				}
			}
		})
	}
}

func TestCredentials_passwordBecomesRight(t *testing.T) {
	dir, port := t.TempDir(), freePort(t)
	at := func(password string) func(*server.Options) {
		return func(o *server.Options) {
			o.StoreDir, o.Port, o.Username, o.Password = dir, port, "edge", password
		}
	}
	broker := startNATS(t, at("old"))
	set := creating(broker.ClientURL())
	set["username"], set["password"] = "edge", "new"
	stage, _ := newStage(t, set)
	for range 3 { // nats.go would give up after the second refusal
		eventually(t, func() error {
			if err := stage.Ready(t.Context()); !errors.Is(err, nats.ErrAuthorization) {
				return errors.Join(errors.New("not refused"), err)
			}
			return nil
		})
	}
	stop(broker)
	startNATS(t, at("new"))
	eventually(t, func() error { return stage.Handle(t.Context(), delivery("e1")) })
}

func TestNew_namesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	account, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	accountSeed, err := account.Seed()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		set  object
		want string
	}{
		"no nkey":                     {object{"nkey_seed": "SUhush"}, "nkey_seed: not the seed of an nkey"},
		"an account's nkey":           {object{"nkey_seed": string(accountSeed)}, "nkey_seed: not the seed of a user"},
		"creds that are not there":    {object{"creds_file": filepath.Join(dir, "none")}, "creds_file: open"},
		"creds without a JWT":         {object{"creds_file": file("empty.creds", "hush")}, "creds_file: holds no user"},
		"authorities without PEM":     {object{"tls": object{"ca_file": file("ca.pem", "hush")}}, "tls.ca_file: holds no PEM certificate"},
		"authorities not there":       {object{"tls": object{"ca_file": filepath.Join(dir, "none")}}, "tls.ca_file: open"},
		"a certificate without sense": {object{"tls": object{"cert_file": file("c", "hush"), "key_file": file("k", "hush")}}, "tls.cert_file: "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			conns, _ := connections(t)
			_, err := publish.New(settings(t, tt.set), conns)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), string(accountSeed)) {
				t.Errorf("the error repeats a secret: %v", err)
			}
		})
	}
}

package publish_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
)

// pair makes a key pair and gives its public key.
func pair(t *testing.T, create func() (nkeys.KeyPair, error)) (nkeys.KeyPair, string) {
	t.Helper()
	p, err := create()
	if err != nil {
		t.Fatal(err)
	}
	public, err := p.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return p, public
}

// account makes an account that operator signed, with JetStream unless it is the
// system's.
func account(t *testing.T, operator nkeys.KeyPair, system bool, known *server.MemAccResolver) (nkeys.KeyPair, string) {
	t.Helper()
	p, public := pair(t, nkeys.CreateAccount)
	claims := jwt.NewAccountClaims(public)
	if !system {
		claims.Limits.DiskStorage, claims.Limits.MemoryStorage = jwt.NoLimit, jwt.NoLimit
	}
	text, err := claims.Encode(operator)
	if err == nil {
		err = known.Store(public, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p, public
}

func TestCredentials_file(t *testing.T) {
	known := &server.MemAccResolver{}
	operator, trusted := pair(t, nkeys.CreateOperator)
	_, system := account(t, operator, true, known)
	owner, _ := account(t, operator, false, known)
	user, public := pair(t, nkeys.CreateUser)
	text, err := jwt.NewUserClaims(public).Encode(owner)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	creds, err := jwt.FormatUserConfig(text, seed)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "edge.creds")
	if err := os.WriteFile(file, creds, 0o600); err != nil {
		t.Fatal(err)
	}
	broker := startNATS(t, func(o *server.Options) {
		o.TrustedKeys, o.AccountResolver, o.SystemAccount = []string{trusted}, known, system
	})
	set := creating(broker.ClientURL())
	set["creds_file"] = file
	stage, _ := readyStage(t, set)
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Error(err)
	}
}

package publish_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// authority is a certificate authority for one test.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key, der := a.sign(t, template)
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a.key, a.cert = key, cert
	writePEM(t, a.file("ca.pem"), "CERTIFICATE", der)
	return a
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// sign makes a key and a certificate, signed by a, or by itself while a has none.
func (a *authority) sign(t *testing.T, template *x509.Certificate) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

// issue writes <name>.pem and <name>.key for host and for clients.
func (a *authority) issue(t *testing.T, name, host string) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.DNSNames, template.IPAddresses = nil, []net.IP{ip}
	}
	key, der := a.sign(t, template)
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, a.file(name+".pem"), "CERTIFICATE", der)
	writePEM(t, a.file(name+".key"), "EC PRIVATE KEY", keyDER)
	pair, err := tls.LoadX509KeyPair(a.file(name+".pem"), a.file(name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func writePEM(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTLS_bothSidesAreAuthenticated(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	byIP, byName := ca.issue(t, "ip", "127.0.0.1"), ca.issue(t, "name", "nats.internal")
	ca.issue(t, "client", "client")
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	serving := func(cert tls.Certificate, clients tls.ClientAuthType) func(*server.Options) {
		return func(o *server.Options) {
			o.TLS, o.TLSVerify = true, clients != tls.NoClientCert
			o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}, ClientAuth: clients, ClientCAs: pool}
		}
	}
	tests := map[string]struct {
		broker func(*server.Options)
		tls    object
		wrong  string
	}{
		"a known authority": {serving(byIP, tls.NoClientCert), object{"ca_file": ca.file("ca.pem")}, ""},
		"another name":      {serving(byName, tls.NoClientCert), object{"ca_file": ca.file("ca.pem"), "server_name": "nats.internal"}, ""},
		"a client certificate": {
			serving(byIP, tls.RequireAndVerifyClientCert),
			object{"ca_file": ca.file("ca.pem"), "cert_file": ca.file("client.pem"), "key_file": ca.file("client.key")}, "",
		},
		"an unknown authority":          {serving(byIP, tls.NoClientCert), object{"ca_file": stranger.file("ca.pem")}, "unknown authority"},
		"the system's authorities only": {serving(byIP, tls.NoClientCert), object{"required": true}, "unknown authority"},
		"a name that does not match":    {serving(byName, tls.NoClientCert), object{"ca_file": ca.file("ca.pem")}, "certificate"},
		"a server without TLS":          {nil, object{"required": true}, "secure connection not available"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, tt.broker)
			set := creating("nats://" + broker.Addr().String())
			set["tls"] = tt.tls
			stage, _ := newStage(t, set)
			if tt.wrong == "" {
				eventually(t, func() error { return stage.Handle(t.Context(), delivery("e1")) })
				return
			}
			wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.BrokerUnavailable, publish.ErrDisconnected)
			eventually(t, func() error {
				if err := stage.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), tt.wrong) {
					return fmt.Errorf("Ready() = %w, want it to say %q", err, tt.wrong)
				}
				return nil
			})
		})
	}
}

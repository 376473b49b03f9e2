package jsconn

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
)

const (
	dialTimeout = 2 * time.Second
	// writeTimeout bounds how long a server that does not read can hold up
	// everybody: nats.go writes under the connection's lock.
	writeTimeout = 2 * time.Second
	// pingInterval lets a connection that died without a word be noticed
	// within a minute; nats.go's own default takes up to six.
	pingInterval  = 20 * time.Second
	reconnectLow  = 100 * time.Millisecond
	reconnectHigh = 2 * time.Second
	drainTimeout  = 5 * time.Second
)

// options returns what a connection with c's settings needs, and every fault of
// files and keys, by the path of the field. No fault repeats a secret.
func (c *Settings) options() ([]nats.Option, error) {
	auth, authErr := c.authentication()
	secure, tlsErr := c.TLS.options()
	if err := errors.Join(authErr, tlsErr, c.Stream.checkFile()); err != nil {
		return nil, err
	}
	opts := []nats.Option{
		nats.Name("webhook-edge publish " + c.Stream.Name),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		// Nothing is put aside while disconnected: a sender's retry is the queue.
		nats.ReconnectBufSize(-1),
		nats.CustomReconnectDelay(reconnectDelay),
		// Credentials that the server does not know yet must not end the
		// connection for good.
		nats.IgnoreAuthErrorAbort(),
		nats.Timeout(dialTimeout),
		nats.PingInterval(pingInterval),
		nats.FlusherTimeout(writeTimeout),
		nats.ReconnectOnFlusherError(),
		nats.DrainTimeout(drainTimeout),
	}
	return append(append(opts, auth...), secure...), nil
}

// Check returns every fault of the files and keys that c names, by the path of the field.
func (c *Settings) Check() error {
	_, err := c.options()
	return err
}

// reconnectDelay doubles the wait with each round over all servers. Half of it is
// random, so that many edges do not come back in step.
func reconnectDelay(round int) time.Duration {
	wait := min(reconnectLow<<min(max(round-1, 0), 10), reconnectHigh)
	return wait/2 + rand.N(wait/2+1) //nolint:gosec // spreading load needs no secrecy
}

func (c *Settings) authentication() ([]nats.Option, error) {
	switch {
	case c.Username != "":
		return []nats.Option{nats.UserInfo(c.Username, c.Password.Reveal())}, nil
	case !c.Token.IsZero():
		return []nats.Option{nats.Token(c.Token.Reveal())}, nil
	case !c.NKeySeed.IsZero():
		return nkeyOption(c.NKeySeed.Bytes())
	case c.CredsFile != "":
		return credsOption(c.CredsFile)
	default:
		return nil, nil
	}
}

// credentials says in words what the server was shown.
func (c *Settings) credentials() string {
	switch {
	case c.Username != "":
		return "username and password"
	case !c.Token.IsZero():
		return "token"
	case !c.NKeySeed.IsZero():
		return "nkey_seed"
	case c.CredsFile != "":
		return "creds_file"
	default:
		return "no credentials"
	}
}

func nkeyOption(seed []byte) ([]nats.Option, error) {
	pair, err := nkeys.FromSeed(seed)
	if err != nil {
		return nil, errors.New("nkey_seed: not the seed of an nkey")
	}
	public, err := pair.PublicKey()
	if err != nil || !nkeys.IsValidPublicUserKey(public) {
		return nil, errors.New("nkey_seed: not the seed of a user")
	}
	return []nats.Option{nats.Nkey(public, pair.Sign)}, nil
}

func credsOption(file string) ([]nats.Option, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("creds_file: %w", err)
	}
	if jwt, err := nkeys.ParseDecoratedJWT(text); err != nil || jwt == "" {
		return nil, errors.New("creds_file: holds no user JWT")
	}
	if _, err := nkeys.ParseDecoratedUserNKey(text); err != nil {
		return nil, errors.New("creds_file: holds no user seed")
	}
	return []nats.Option{nats.UserCredentials(file)}, nil
}

func (t *TLSConfig) options() ([]nats.Option, error) {
	if *t == (TLSConfig{}) {
		return nil, nil
	}
	var faults []error
	opts := []nats.Option{nats.Secure(&tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName})}
	if t.CAFile != "" {
		opts = append(opts, nats.RootCAs(t.CAFile))
		if text, err := os.ReadFile(t.CAFile); err != nil {
			faults = append(faults, fmt.Errorf("tls.ca_file: %w", err))
		} else if !x509.NewCertPool().AppendCertsFromPEM(text) {
			faults = append(faults, errors.New("tls.ca_file: holds no PEM certificate"))
		}
	}
	if t.CertFile != "" {
		opts = append(opts, nats.ClientCert(t.CertFile, t.KeyFile))
		if _, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile); err != nil {
			faults = append(faults, fmt.Errorf("tls.cert_file: %w", err))
		}
	}
	return opts, errors.Join(faults...)
}

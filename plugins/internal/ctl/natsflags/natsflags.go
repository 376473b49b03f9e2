// Package natsflags holds the flags of the commands that talk to NATS, and
// connects as they say.
package natsflags

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
)

// Flags are the flags of every command that talks to NATS. Secrets come from
// the environment or from files: a command line is in everybody's process list.
type Flags struct {
	// Servers are URLs with commas between them.
	Servers string
	// User is the user whose password is in the variable PasswordEnv, TokenEnv
	// the variable of a token, Creds and NKey are files. At most one is set.
	User, PasswordEnv, TokenEnv, Creds, NKey string
	// CA, Cert and Key are PEM files.
	CA, Cert, Key string
	// Domain is the JetStream domain of the streams.
	Domain string
}

// Add defines the flags on cmd.
func (n *Flags) Add(cmd *cobra.Command) {
	server := os.Getenv("NATS_URL")
	if server == "" {
		server = nats.DefaultURL
	}
	f := cmd.Flags()
	f.StringVar(&n.Servers, "server", server, "`URLs` of NATS, with commas between them; by default $NATS_URL")
	f.StringVar(&n.User, "user", "", "user, whose password is in --password-env")
	f.StringVar(&n.PasswordEnv, "password-env", "NATS_PASSWORD", "environment `variable` of the password")
	f.StringVar(&n.TokenEnv, "token-env", "", "environment `variable` of a token, instead of a user")
	f.StringVar(&n.Creds, "creds", "", "credentials `file` (JWT and seed), instead of a user")
	f.StringVar(&n.NKey, "nkey", "", "`file` of a user's nkey seed, instead of a user")
	f.StringVar(&n.CA, "tls-ca", "", "PEM `file` of the authorities that may sign the server's certificate")
	f.StringVar(&n.Cert, "tls-cert", "", "PEM `file` of a client certificate")
	f.StringVar(&n.Key, "tls-key", "", "PEM `file` of the client certificate's key")
	f.StringVar(&n.Domain, "jetstream-domain", "", "JetStream `domain` of the streams")
	cmd.MarkFlagsMutuallyExclusive("user", "token-env", "creds", "nkey")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
}

// With connects, calls fn with the client, and closes it.
func (n *Flags) With(fn func(jetstream.JetStream) error) error {
	opts, err := n.options()
	if err != nil {
		return err
	}
	nc, err := nats.Connect(n.Servers, opts...)
	if err != nil {
		return fmt.Errorf("connect to NATS: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if n.Domain != "" {
		js, err = jetstream.NewWithDomain(nc, n.Domain)
	}
	if err != nil {
		return err
	}
	return fn(js)
}

func (n *Flags) options() ([]nats.Option, error) {
	opts := []nats.Option{nats.Name("webhookctl"), nats.Timeout(5 * time.Second)}
	switch {
	case n.User != "":
		password := os.Getenv(n.PasswordEnv)
		if password == "" {
			return nil, fmt.Errorf("the environment variable %s is empty", n.PasswordEnv)
		}
		opts = append(opts, nats.UserInfo(n.User, password))
	case n.TokenEnv != "":
		token := os.Getenv(n.TokenEnv)
		if token == "" {
			return nil, fmt.Errorf("the environment variable %s is empty", n.TokenEnv)
		}
		opts = append(opts, nats.Token(token))
	case n.Creds != "":
		opts = append(opts, nats.UserCredentials(n.Creds))
	case n.NKey != "":
		opt, err := nats.NkeyOptionFromSeed(n.NKey)
		if err != nil {
			return nil, errors.New("--nkey: not a file with a user's seed")
		}
		opts = append(opts, opt)
	}
	if n.CA != "" {
		opts = append(opts, nats.RootCAs(n.CA))
	}
	if n.Cert != "" {
		opts = append(opts, nats.ClientCert(n.Cert, n.Key))
	}
	if strings.Contains(n.Servers, "@") {
		return nil, errors.New("--server: credentials do not belong into a URL; use --user, --token-env, --creds or --nkey")
	}
	return opts, nil
}

package main

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

// natsFlags are the flags of every command that talks to NATS. Secrets come from
// the environment or from files: a command line is in everybody's process list.
type natsFlags struct {
	servers, user, passwordEnv, tokenEnv, creds, nkey, ca, cert, key, domain string
}

func (n *natsFlags) add(cmd *cobra.Command) {
	server := os.Getenv("NATS_URL")
	if server == "" {
		server = nats.DefaultURL
	}
	f := cmd.Flags()
	f.StringVar(&n.servers, "server", server, "`URLs` of NATS, with commas between them; by default $NATS_URL")
	f.StringVar(&n.user, "user", "", "user, whose password is in --password-env")
	f.StringVar(&n.passwordEnv, "password-env", "NATS_PASSWORD", "environment `variable` of the password")
	f.StringVar(&n.tokenEnv, "token-env", "", "environment `variable` of a token, instead of a user")
	f.StringVar(&n.creds, "creds", "", "credentials `file` (JWT and seed), instead of a user")
	f.StringVar(&n.nkey, "nkey", "", "`file` of a user's nkey seed, instead of a user")
	f.StringVar(&n.ca, "tls-ca", "", "PEM `file` of the authorities that may sign the server's certificate")
	f.StringVar(&n.cert, "tls-cert", "", "PEM `file` of a client certificate")
	f.StringVar(&n.key, "tls-key", "", "PEM `file` of the client certificate's key")
	f.StringVar(&n.domain, "jetstream-domain", "", "JetStream `domain` of the streams")
	cmd.MarkFlagsMutuallyExclusive("user", "token-env", "creds", "nkey")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
}

// connect returns a client, which the caller closes.
func (n *natsFlags) connect() (*nats.Conn, jetstream.JetStream, error) {
	opts, err := n.options()
	if err != nil {
		return nil, nil, err
	}
	nc, err := nats.Connect(n.servers, opts...)
	if err != nil {
		return nil, nil, fmt.Errorf("connect to NATS: %w", err)
	}
	js, err := jetstream.New(nc)
	if n.domain != "" {
		js, err = jetstream.NewWithDomain(nc, n.domain)
	}
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return nc, js, nil
}

func (n *natsFlags) options() ([]nats.Option, error) {
	opts := []nats.Option{nats.Name("webhookctl"), nats.Timeout(5 * time.Second)}
	switch {
	case n.user != "":
		password := os.Getenv(n.passwordEnv)
		if password == "" {
			return nil, fmt.Errorf("the environment variable %s is empty", n.passwordEnv)
		}
		opts = append(opts, nats.UserInfo(n.user, password))
	case n.tokenEnv != "":
		token := os.Getenv(n.tokenEnv)
		if token == "" {
			return nil, fmt.Errorf("the environment variable %s is empty", n.tokenEnv)
		}
		opts = append(opts, nats.Token(token))
	case n.creds != "":
		opts = append(opts, nats.UserCredentials(n.creds))
	case n.nkey != "":
		opt, err := nats.NkeyOptionFromSeed(n.nkey)
		if err != nil {
			return nil, errors.New("--nkey: not a file with a user's seed")
		}
		opts = append(opts, opt)
	}
	if n.ca != "" {
		opts = append(opts, nats.RootCAs(n.ca))
	}
	if n.cert != "" {
		opts = append(opts, nats.ClientCert(n.cert, n.key))
	}
	if strings.Contains(n.servers, "@") {
		return nil, errors.New("--server: credentials do not belong into a URL; use --user, --token-env, --creds or --nkey")
	}
	return opts, nil
}

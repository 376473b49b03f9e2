// Package natsflags holds the flags of the commands that talk to NATS, and connects as
// they, the variables of the nats CLI or one of its contexts say.
package natsflags

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"webhookedge/plugins/internal/ctl/exit"
)

// Group is the annotation of a flag that the help lists under a heading of its own,
// which is the annotation's value.
const Group = "webhookctl_group"

// Flags are the flags of every command that talks to NATS. Secrets come from
// the environment or from files: a command line is in everybody's process list.
type Flags struct {
	// Context is the name of a context of the nats CLI.
	Context string
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

// Add defines the flags on cmd. The environment gives none of their defaults: help
// prints those, and a URL may hold a password.
func (n *Flags) Add(cmd *cobra.Command) {
	f := pflag.NewFlagSet("NATS", pflag.ContinueOnError)
	f.StringVar(&n.Servers, "server", "", "`URLs` of NATS, with commas between them ($NATS_URL; by default those of the selected context, or "+nats.DefaultURL+")")
	f.StringVar(&n.Context, "context", "", "`name` of a context of the nats CLI ($NATS_CONTEXT)")
	f.StringVar(&n.User, "user", "", "user, whose password is in --password-env ($NATS_USER)")
	f.StringVar(&n.PasswordEnv, "password-env", "NATS_PASSWORD", "environment `variable` of the password")
	f.StringVar(&n.TokenEnv, "token-env", "", "environment `variable` of a token, instead of a user ($NATS_TOKEN holds one)")
	f.StringVar(&n.Creds, "creds", "", "credentials `file` (JWT and seed), instead of a user ($NATS_CREDS)")
	f.StringVar(&n.NKey, "nkey", "", "`file` of a user's nkey seed, instead of a user ($NATS_NKEY)")
	f.StringVar(&n.CA, "tls-ca", "", "PEM `file` of the authorities that may sign the server's certificate ($NATS_CA)")
	f.StringVar(&n.Cert, "tls-cert", "", "PEM `file` of a client certificate ($NATS_CERT)")
	f.StringVar(&n.Key, "tls-key", "", "PEM `file` of the client certificate's key ($NATS_KEY)")
	f.StringVar(&n.Domain, "jetstream-domain", "", "JetStream `domain` of the streams")
	f.VisitAll(func(flag *pflag.Flag) { flag.Annotations = map[string][]string{Group: {"NATS"}} })
	cmd.Flags().AddFlagSet(f)
	cmd.MarkFlagsMutuallyExclusive("user", "token-env", "creds", "nkey")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return contexts(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc("context", complete); err != nil {
		panic(err) // the flag is defined above
	}
}

// With connects, with further options, calls fn with the client, and closes it.
func (n *Flags) With(fn func(jetstream.JetStream) error, more ...nats.Option) error {
	s, err := n.Settings()
	if err != nil {
		return err
	}
	return s.With(fn, more...)
}

// With connects, with further options, calls fn with the client, and closes it.
func (s *Settings) With(fn func(jetstream.JetStream) error, more ...nats.Option) error {
	opts, err := s.options()
	if err != nil {
		return err
	}
	nc, err := nats.Connect(s.Servers, append(opts, more...)...)
	if err != nil {
		return fmt.Errorf("connect to NATS%s: %w", s.origin(), withoutURL(err))
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	switch {
	case s.APIPrefix != "":
		js, err = jetstream.NewWithAPIPrefix(nc, s.APIPrefix)
	case s.Domain != "":
		js, err = jetstream.NewWithDomain(nc, s.Domain)
	}
	if err != nil {
		return err
	}
	return fn(js)
}

// withoutURL is err without a URL, which may hold a password.
func withoutURL(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return fmt.Errorf("its URL cannot be used: %w", u.Err)
	}
	return err
}

func (s *Settings) origin() string {
	if s.context == "" {
		return ""
	}
	return " of the context " + s.context
}

func (s *Settings) options() ([]nats.Option, error) {
	opts := []nats.Option{nats.Name("webhookctl"), nats.Timeout(5 * time.Second)}
	switch {
	case s.User != "":
		opts = append(opts, nats.UserInfo(s.User, s.Password))
	case s.Token != "":
		opts = append(opts, nats.Token(s.Token))
	case s.Creds != "":
		opts = append(opts, nats.UserCredentials(s.Creds))
	case s.JWT != "":
		opts = append(opts, nats.UserJWTAndSeed(s.JWT, s.Seed))
	case s.Seed != "":
		pair, err := nkeys.FromSeed([]byte(s.Seed))
		if err != nil {
			return nil, errors.New("the seed is not one of a user")
		}
		public, err := pair.PublicKey()
		if err != nil {
			return nil, errors.New("the seed is not one of a user")
		}
		opts = append(opts, nats.Nkey(public, pair.Sign))
	case s.NKey != "":
		opt, err := nats.NkeyOptionFromSeed(s.NKey)
		if err != nil {
			return nil, exit.Usagef("--nkey: not a file with a user's seed")
		}
		opts = append(opts, opt)
	}
	if s.CA != "" {
		opts = append(opts, nats.RootCAs(s.CA))
	}
	if s.Cert != "" {
		opts = append(opts, nats.ClientCert(s.Cert, s.Key))
	}
	if s.TLSFirst {
		opts = append(opts, nats.TLSHandshakeFirst())
	}
	if s.InboxPrefix != "" {
		opts = append(opts, nats.CustomInboxPrefix(s.InboxPrefix))
	}
	return opts, nil
}

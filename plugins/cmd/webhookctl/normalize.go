package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider"
)

func normalizeCommand() *cobra.Command {
	var name, settings, keyEnv, file, method, address, route string
	var headers []string
	cmd := &cobra.Command{
		Use:   "normalize --provider NAME [--header 'Name: value']... < BODY",
		Short: "Show the event that a delivery becomes, as it would be published",
		Long: "Reads the body of a delivery and prints its event, or a line an event of a batch, alone on standard output. Where it is\n" +
			"refused it prints the code and the reason on standard error and exits with 1. Nothing is verified, so the event says\n" +
			"nothing of a proof, and a payload that would be held back is printed with a remark on standard error.",
		Example: "  webhookctl normalize --provider github --header 'X-GitHub-Event: push' < push.json\n" +
			"  webhookctl normalize --provider slack --header 'Content-Type: application/x-www-form-urlencoded' --settings normalize.yml < action.form",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := readSettings(settings, keyEnv)
			if err != nil {
				return err
			}
			d, err := bodyOf(file, cmd.InOrStdin())
			if err == nil {
				d.Headers, err = parseHeaders(headers)
			}
			if err == nil {
				err = called(d, method, address, route)
			}
			if err != nil {
				return err
			}
			return printEvents(cmd, name, cfg, d)
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "provider", "", "the sender: "+strings.Join(provider.Names(), ", "))
	f.StringArrayVar(&headers, "header", nil, "a header of the delivery, `'Name: value'`; may be given several times")
	f.StringVar(&file, "file", "-", "the body; - is standard input")
	f.StringVar(&method, "method", http.MethodPost, "the method of the request; the payload of a GET without a body is its query")
	f.StringVar(&address, "url", "", "the URL that was called, for senders that tell something in its query")
	f.StringVar(&route, "route", "", "the name of Kong's route, which is part of the id where the sender gives none")
	f.StringVar(&settings, "settings", "", "YAML or JSON `file` with the settings of normalize, as under that name in a kong.yml")
	f.StringVar(&keyEnv, "redact-key-env", "", "name of the environment variable that holds redact_key")
	if err := cmd.MarkFlagRequired("provider"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// printEvents runs the stage and prints what it makes.
func printEvents(cmd *cobra.Command, name string, cfg normalize.Config, d *pipeline.Delivery) error {
	row, ok := provider.Lookup(name)
	if !ok {
		return fmt.Errorf("no provider %q; there are: %s", name, strings.Join(provider.Names(), ", "))
	}
	stage, err := normalize.New(row, cfg, normalize.WithUnverified())
	if err != nil {
		return err
	}
	defer stage.Close()
	if err := stage.Handle(cmd.Context(), d); err != nil {
		var reject *pipeline.Reject
		if errors.As(err, &reject) {
			return fmt.Errorf("refused with %d: %w", reject.Code.Info().Status, err)
		}
		return err
	}
	for i := range d.Items {
		item := &d.Items[i]
		if item.Hold != pipeline.Accepted {
			cmd.PrintErrf("held back: %s: %s\n", item.Hold, item.Event.Invalid)
		}
		line := append(item.Event.AppendJSON(nil), '\n')
		if _, err := cmd.OutOrStdout().Write(line); err != nil {
			return err
		}
	}
	return nil
}

// readSettings reads the record normalize of a config.
func readSettings(file, keyEnv string) (cfg normalize.Config, err error) {
	text := []byte("{}")
	if file != "" {
		if text, err = os.ReadFile(file); err != nil {
			return cfg, err
		}
	}
	record := map[string]any{}
	if err := yaml.Unmarshal(text, &record); err != nil {
		return cfg, fmt.Errorf("%s: %w", file, err)
	}
	if keyEnv != "" {
		record["redact_key"] = os.Getenv(keyEnv)
		if record["redact_key"] == "" {
			return cfg, fmt.Errorf("the environment variable %s is empty", keyEnv)
		}
	}
	if key, ok := record["redact_key"].(string); ok && strings.HasPrefix(key, "{vault://") {
		return cfg, errors.New("redact_key is a vault reference, which only Kong resolves: name the variable with --redact-key-env")
	}
	document, err := json.Marshal(record)
	if err != nil {
		return cfg, fmt.Errorf("%s: %w", file, err)
	}
	return cfg, config.Decode(document, &cfg)
}

func bodyOf(file string, stdin io.Reader) (*pipeline.Delivery, error) {
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxPayload+1))
	if err == nil && len(body) > maxPayload {
		err = errors.New("body is over 100 MiB")
	}
	return &pipeline.Delivery{Method: http.MethodPost, Body: body, ReceivedAt: time.Now()}, err
}

// called sets how d was called.
func called(d *pipeline.Delivery, method, address, route string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("--url is no URL")
	}
	d.Method, d.Route, d.PublicURL = strings.ToUpper(method), route, address
	d.Path, d.RawQuery = u.EscapedPath(), u.RawQuery
	return nil
}

func parseHeaders(lines []string) (pipeline.Headers, error) {
	var headers pipeline.Headers
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if name = strings.ToLower(strings.TrimSpace(name)); !ok || name == "" {
			return nil, fmt.Errorf("--header %q is not Name: value", line)
		}
		headers = append(headers, pipeline.Header{Name: name, Value: strings.TrimSpace(value)})
	}
	return headers, nil
}

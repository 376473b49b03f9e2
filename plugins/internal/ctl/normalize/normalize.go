// Package normalize is `webhookctl normalize`: the event that a delivery becomes.
package normalize

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

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/ctl/delivery"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/provider/catalogue"
)

// Command returns `webhookctl normalize`.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "normalize --provider NAME [--header 'Name: value']... < BODY",
		Short: "Show the event that a delivery becomes, as it would be published",
		Long: "Reads the body of a delivery and prints its event, or those of a batch one behind the other, alone on standard output,\n" +
			"each with a line feed behind it; line feeds of a JSON payload stay where they are. Where the delivery is refused it\n" +
			"prints the code and the reason on standard error and exits with 1. Nothing is verified, so the event says nothing of a\n" +
			"proof, and a payload that would be held back is printed with a remark on standard error.",
		Example: "  webhookctl normalize --provider github --header 'X-GitHub-Event: push' < push.json\n" +
			"  webhookctl normalize --config kong/kong.yml --route github --header 'X-GitHub-Event: push' < push.json\n" +
			"  webhookctl normalize --provider slack --header 'Content-Type: application/x-www-form-urlencoded' --settings normalize.yml < action.form",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			name, cfg, err := o.stage()
			if err != nil {
				return err
			}
			d, err := o.delivery(cmd.InOrStdin())
			if err != nil {
				return err
			}
			return printEvents(cmd, name, cfg, d)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.provider, "provider", "", "the sender: "+strings.Join(catalogue.Names(), ", "))
	f.StringArrayVar(&o.headers, "header", nil, "a header of the delivery, `'Name: value'`; may be given several times")
	f.StringVar(&o.file, "file", "-", "the body; - is standard input")
	f.StringVar(&o.method, "method", http.MethodPost, "the method of the request; the payload of a GET without a body is its query")
	f.StringVar(&o.url, "url", "", "the URL that was called, for senders that tell something in its query")
	f.StringVar(&o.route, "route", "", "the name of Kong's route, which is part of the id where the sender gives none")
	f.StringVar(&o.config, "config", "", "a kong.yml: take the provider and the settings from its --route, with references to the environment resolved")
	f.StringVar(&o.settings, "settings", "", "YAML or JSON `file` with the settings of normalize, as under that name in a kong.yml")
	f.StringVar(&o.keyEnv, "redact-key-env", "", "name of the environment variable that holds redact_key")
	cmd.MarkFlagsOneRequired("provider", "config")
	cmd.MarkFlagsMutuallyExclusive("provider", "config")
	cmd.MarkFlagsMutuallyExclusive("settings", "config")
	cmd.MarkFlagsMutuallyExclusive("redact-key-env", "config")
	return cmd
}

type options struct {
	provider, settings, keyEnv, config string
	file, method, url, route           string
	headers                            []string
}

func (o *options) stage() (string, normalize.Config, error) {
	if o.config == "" {
		cfg, err := readSettings(o.settings, o.keyEnv)
		return o.provider, cfg, err
	}
	routes, err := kongyml.Routes(o.config)
	if err != nil {
		return "", normalize.Config{}, err
	}
	r, err := kongyml.Find(routes, o.route)
	if err != nil {
		return "", normalize.Config{}, err
	}
	return normalizeOf(r)
}

// normalizeOf takes the settings of the route's first plugin that makes events.
func normalizeOf(r *local.RouteConfigs) (name string, cfg normalize.Config, err error) {
	for _, plugin := range []string{"webhook-edge", "webhook-publish", "webhook-policy"} {
		text, ok := r.Plugins[plugin]
		if !ok {
			continue
		}
		var part struct {
			Provider  string          `json:"provider"`
			Normalize json.RawMessage `json:"normalize"`
		}
		if err := json.Unmarshal(text, &part); err != nil {
			return "", cfg, err
		}
		return part.Provider, cfg, config.Decode(part.Normalize, &cfg)
	}
	return "", cfg, exit.Usagef("route %s has no plugin that makes events", r.Name)
}

func printEvents(cmd *cobra.Command, name string, cfg normalize.Config, d *pipeline.Delivery) error {
	row, err := delivery.Provider(name)
	if err != nil {
		return err
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
			return cfg, exit.Usagef("the environment variable %s is empty", keyEnv)
		}
	}
	if key, ok := record["redact_key"].(string); ok && strings.HasPrefix(key, "{vault://") {
		return cfg, exit.Usagef("redact_key is a vault reference, which only Kong resolves: name the variable with --redact-key-env")
	}
	document, err := json.Marshal(record)
	if err != nil {
		return cfg, fmt.Errorf("%s: %w", file, err)
	}
	return cfg, config.Decode(document, &cfg)
}

func (o *options) delivery(stdin io.Reader) (*pipeline.Delivery, error) {
	u, err := url.Parse(o.url)
	if err != nil {
		return nil, exit.Usagef("--url is not a URL")
	}
	d := &pipeline.Delivery{
		Method: strings.ToUpper(o.method), Path: u.EscapedPath(), RawQuery: u.RawQuery, PublicURL: o.url, Route: o.route, ReceivedAt: time.Now(),
	}
	if d.Headers, err = parseHeaders(o.headers); err != nil {
		return nil, err
	}
	d.Body, err = delivery.ReadBody(o.file, stdin)
	return d, err
}

func parseHeaders(lines []string) (pipeline.Headers, error) {
	var headers pipeline.Headers
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if name = strings.ToLower(strings.TrimSpace(name)); !ok || name == "" {
			return nil, exit.Usagef("--header %q is not Name: value", line)
		}
		headers = append(headers, pipeline.Header{Name: name, Value: strings.TrimSpace(value)})
	}
	return headers, nil
}

package explain

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/verify"
)

// asked is a line of input.
type asked struct {
	Provider     string                     `json:"provider"`
	Custom       *custom.Provider           `json:"custom"` // instead of a provider
	Keys         []string                   `json:"keys"`
	Options      map[string]json.RawMessage `json:"options"`
	Certificates map[string]string          `json:"certificates"`
	Method       string                     `json:"method"`
	URL          string                     `json:"url"`
	Headers      map[string]values          `json:"headers"`
	Body         string                     `json:"body"`
	BodyBase64   string                     `json:"body_base64"`
	At           json.Number                `json:"at"`
	Tolerance    json.Number                `json:"tolerance_seconds"`

	// Of a kept delivery: whether its body is its beginning only, and what is missing.
	Cut     bool     `json:"cut"`
	Removed []string `json:"removed"`
}

// values are those of a header: one, or a list.
type values []string

// UnmarshalJSON implements json.Unmarshaler.
func (v *values) UnmarshalJSON(text []byte) error {
	var one string
	switch {
	case string(text) == "null":
		return nil
	case json.Unmarshal(text, &one) == nil:
		*v = values{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(v))
}

func (a *asked) row() (*provider.Provider, error) {
	if a.Custom != nil {
		a.Provider = a.Custom.Name
		if err := a.Custom.Validate(); err != nil {
			return nil, fmt.Errorf("%w: custom: %s", errInput, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
		return a.Custom.Row()
	}
	row, ok := catalogue.Lookup(a.Provider)
	if !ok {
		return nil, fmt.Errorf("%w: no provider %q in the catalogue, which webhookctl providers lists", errInput, a.Provider)
	}
	return row, nil
}

// moment is the clock of the receiver; now if the line has none.
func (a *asked) moment() (time.Time, error) {
	if a.At == "" {
		return time.Now(), nil
	}
	seconds, err := a.At.Float64()
	if err != nil || seconds < 0 || seconds > 253402300799 { // the year 9999
		return time.Time{}, fmt.Errorf("%w: at must be in seconds since 1970", errInput)
	}
	whole := int64(seconds)
	return time.Unix(whole, int64((seconds-float64(whole))*1e9)).UTC(), nil
}

func (a *asked) delivery(now time.Time) (*pipeline.Delivery, error) {
	body := []byte(a.Body)
	if a.BodyBase64 != "" {
		var err error
		if body, err = base64.StdEncoding.DecodeString(a.BodyBase64); err != nil || a.Body != "" {
			return nil, fmt.Errorf("%w: body_base64 is no base64, or there is a body beside it", errInput)
		}
	}
	d := &pipeline.Delivery{Method: cmp.Or(a.Method, http.MethodPost), PublicURL: a.URL, Body: body, ReceivedAt: now, RequestID: "explain"}
	if u, err := url.Parse(a.URL); err == nil {
		d.Path = u.EscapedPath()
	}
	_, query, _ := strings.Cut(a.URL, "?")
	d.RawQuery, _, _ = strings.Cut(query, "#")
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		for _, value := range a.Headers[name] {
			d.Headers = append(d.Headers, pipeline.Header{Name: strings.ToLower(name), Value: value})
		}
	}
	return d, nil
}

// config returns the settings that kong.yml would have, and the unknown options. Options are
// the stage's own (scheme, raw_key, public_url, setup) and the provider's settings, whose
// names may also be written with hyphens or capitals.
func (a *asked) config(row *provider.Provider) (c verify.Config, unknown []string, err error) {
	for _, key := range a.Keys {
		c.Secrets = append(c.Secrets, verify.SecretConfig{Value: config.NewSecret(key)})
	}
	if c.ToleranceSeconds, err = seconds(a.Tolerance); err != nil {
		return c, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(a.Options)) {
		text := plain(a.Options[name])
		switch normalized(name) {
		case "":
		case "scheme":
			c.Scheme = text
		case "publicurl":
			a.URL = withQuery(text, a.URL)
		case "rawkey":
			c.RawKey = text == "true"
		case "setup":
			// A confirmation would have to be sent, and there is no network here.
			c.Setup = text == "true" && !slices.ContainsFunc(row.Handshakes, func(h spec.Handshake) bool { return h.Confirm != "" })
		case "toleranceseconds":
			if c.ToleranceSeconds, err = seconds(json.Number(text)); err != nil {
				return c, nil, err
			}
		default:
			i := slices.IndexFunc(row.Settings, func(s spec.Setting) bool { return normalized(s.Name) == normalized(name) })
			if i < 0 {
				unknown = append(unknown, name)
				continue
			}
			c.Settings = append(c.Settings, verify.SettingConfig{Name: row.Settings[i].Name, Value: config.NewSecret(text)})
		}
	}
	return c, unknown, nil
}

func seconds(n json.Number) (int, error) {
	if n == "" {
		return 0, nil
	}
	f, err := n.Float64()
	if err != nil || f != float64(int(f)) || f < 0 || f > spec.MaxTolerance.Seconds() {
		return 0, fmt.Errorf("%w: tolerance_seconds must be a whole number from 0 to %.0f", errInput, spec.MaxTolerance.Seconds())
	}
	return int(f), nil
}

// plain is the text of a JSON scalar, "" of null.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil { // a string, or null
		return text
	}
	return string(value)
}

// normalized is a name without what its spellings differ in.
func normalized(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(name))
}

// withQuery gives a public URL the query that the request has, as the edge does.
func withQuery(public, request string) string {
	if _, query, ok := strings.Cut(request, "?"); ok && public != "" && !strings.Contains(public, "?") {
		return public + "?" + query
	}
	return cmp.Or(public, request)
}

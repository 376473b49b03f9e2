package scaffold

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
)

// Example is a row to begin with, for a provider that is described by none.
func Example(name string) *custom.Provider {
	return &custom.Provider{
		Name: name,
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-" + name + "-signature"},
			Encoding: spec.Hex, Content: "{body}", Key: spec.KeyText,
		}},
		Facts:    spec.Locators{Type: []string{"json:type"}, ID: []string{"json:id"}},
		Identity: spec.Identity{Why: "The id stands in the signed body."},
	}
}

// Read returns the custom row of the given name in a kong.yml, or in a YAML or JSON
// file that is one row.
func Read(file, name string) (*custom.Provider, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var document any
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	found := find(document, name)
	if found == nil {
		return nil, fmt.Errorf("no custom row named %q in %s", name, file)
	}
	if text, err = json.Marshal(found); err != nil {
		return nil, err
	}
	var row custom.Provider
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&row); err != nil {
		return nil, err
	}
	return &row, nil
}

// find returns the first object with schemes and that name.
func find(v any, name string) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		if v["name"] == name && v["schemes"] != nil && v["facts"] != nil {
			return v
		}
		for _, member := range v {
			if found := find(member, name); found != nil {
				return found
			}
		}
	case []any:
		for _, item := range v {
			if found := find(item, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// New writes the file, a sample and a vector of a row that is not in the catalogue
// below top, lists the row, and returns the names of the files below top. It
// overwrites no file but the list.
func New(top string, own *custom.Provider) ([]string, error) {
	if err := own.Validate(); err != nil {
		return nil, err
	}
	row, err := own.Row()
	if err != nil {
		return nil, err
	}
	row.Docs, row.Source = "https://example.com/", "not checked yet"
	row.Sends = []spec.Header{{Name: "accept", Value: "*/*"}, {Name: "content-type", Value: row.ContentTypes[0]}}
	source, err := Source(&row.Provider)
	if err != nil {
		return nil, err
	}
	sample := sampleOf(row)
	vector, err := vectorOf(row, sample)
	if err != nil {
		return nil, fmt.Errorf("sign a sample: %w", err)
	}
	files := []string{filepath.Join(Folder, File(row.Name)), filepath.Join(Folder, "samples", row.Name, "example.json"), filepath.Join(Folder, "testdata", row.Name, "example.json")}
	for i, text := range [][]byte{source, sample, vector} {
		if err := create(filepath.Join(top, files[i]), text); err != nil {
			return files[:i], err
		}
	}
	list, err := List(top)
	if err != nil {
		return files, err
	}
	return files, os.WriteFile(filepath.Join(top, Folder, ListFile), list, 0o644) //nolint:gosec // part of the repository
}

func create(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // part of the repository
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // part of the repository
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// sampleOf is a JSON body with something at the first place of each name.
func sampleOf(row *provider.Provider) []byte {
	body := map[string]any{}
	for _, places := range [][]string{row.Facts.Type, row.Facts.Action, row.Facts.ID, row.Facts.Tenant, row.Facts.Subject} {
		for _, place := range places {
			if path, ok := strings.CutPrefix(place, "json:"); ok && !strings.ContainsAny(path, " *") {
				set(body, strings.Split(path, "."))
				break
			}
		}
	}
	text, _ := json.Marshal(body)
	return text
}

func set(in map[string]any, names []string) {
	for _, name := range names[:len(names)-1] {
		next, ok := in[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			in[name] = next
		}
		in = next
	}
	if in[names[len(names)-1]] == nil {
		in[names[len(names)-1]] = "example"
	}
}

// vectorOf signs the sample with a key of its own and says what verifying it proves.
func vectorOf(row *provider.Provider, sample []byte) ([]byte, error) {
	pair, err := row.NewKeyPair("")
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for _, s := range row.Settings {
		if s.Default == "" && s.Example != "" {
			settings[s.Name] = s.Example
		}
	}
	at := time.Unix(1749722400, 0)
	signer, err := row.Signer(provider.Options{Settings: settings, Secrets: []provider.Secret{{Value: pair.Private}}})
	if err != nil {
		return nil, err
	}
	d, err := signer.Sign(provider.Unsigned{URL: "https://hooks.octo-corp.example/" + row.Name, Body: sample, ContentType: row.ContentTypes[0], Event: "example", ID: "evt_1", At: at})
	if err != nil {
		return nil, err
	}
	verifier, err := row.Verifier(provider.Options{Settings: settings, Secrets: []provider.Secret{{Value: pair.Public}}})
	if err != nil {
		return nil, err
	}
	r := provider.Request{Method: d.Method, URL: d.URL, Headers: d.Headers, Body: d.Body}
	proof, err := verifier.Verify(r, at)
	if err != nil {
		return nil, err
	}
	facts, err := row.Describe(r)
	if err != nil {
		return nil, err
	}
	var headers [][2]string
	for _, h := range d.Headers {
		headers = append(headers, [2]string{h.Name, h.Value})
	}
	proved := map[string]any{"scheme": proof.Scheme, "secret": proof.SecretID, "id": proof.ID}
	if !proof.Timestamp.IsZero() {
		proved["timestamp"] = proof.Timestamp.Unix()
	}
	told := map[string]any{"type": facts.Type, "action": facts.Action, "id": facts.ID, "tenant": facts.Tenant, "subject": facts.Subject}
	return json.MarshalIndent(map[string]any{
		"source": "made by webhookctl providers new", "secrets": []string{pair.Public}, "settings": settings, "method": d.Method, "url": d.URL,
		"at": at.Unix(), "headers": headers, "body": string(d.Body), "want": "ok", "proof": proved, "facts": told,
	}, "", "  ")
}

package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/config"
)

type rotated struct {
	Secrets []key           `json:"secrets" doc:"Secrets that are valid, newest first." tolerant:"true" maxlen:"4"`
	Tokens  []config.Secret `json:"tokens" doc:"Tokens that are valid, newest first." tolerant:"true"`
	One     config.Secret   `json:"one" doc:"A secret that stands alone."`
}

func TestDecode_toleratesAMissingSecretBesideAnother(t *testing.T) {
	const gone = `{"id":"gone","value":"","$refs":{"value":"{vault://env/gone}"}}`
	tests := map[string]struct {
		data    string
		missing []string // of each secret and then each token, "" for one that is there
	}{
		"a reference that did not resolve, and a good one": {`{"secrets":[` + gone + `,{"id":"a","value":"long"}]}`, []string{"the vault reference {vault://env/gone} did not resolve", ""}},
		"an empty one behind a good one":                   {`{"secrets":[{"id":"a","value":"long"},{"id":"b","value":""}]}`, []string{"", "must not be empty"}},
		"two of three":                                     {`{"secrets":[` + gone + `,{"id":"a","value":"long"},{"id":"b","value":""}]}`, []string{"the vault reference {vault://env/gone} did not resolve", "", "must not be empty"}},
		"secrets without a record around them":             {`{"tokens":["","t"],"$refs":{"tokens":["{vault://env/t}"]}}`, []string{"the vault reference {vault://env/t} did not resolve", ""}},
		"nothing is missing":                               {`{"secrets":[{"id":"a","value":"long"}],"tokens":["t"],"one":"x"}`, []string{"", ""}},
		"no list":                                          {`{}`, nil},
		"empty lists":                                      {`{"secrets":[],"tokens":{}}`, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got rotated
			if err := config.Decode([]byte(tc.data), &got); err != nil {
				t.Fatal(err)
			}
			var missing []string
			for _, s := range got.Secrets {
				missing = append(missing, s.Value.Missing())
			}
			for _, s := range got.Tokens {
				missing = append(missing, s.Missing())
			}
			if diff := cmp.Diff(tc.missing, missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
			for _, s := range got.Secrets {
				if (s.Value.Missing() != "") != s.Value.IsZero() {
					t.Error("one that is missing has a value, or the other way round")
				}
			}
		})
	}
}

func TestDecode_refusesMissingSecrets(t *testing.T) {
	const why = "the vault reference {vault://env/gone} did not resolve"
	const gone = `{"id":"gone","value":"","$refs":{"value":"{vault://env/gone}"}}`
	tests := map[string]struct {
		data string
		want []string
	}{
		"all of a list":                 {`{"secrets":[` + gone + `,{"id":"b","value":""}]}`, []string{"secrets[0].value: " + why, "secrets[1].value: must not be empty"}},
		"the only one of a list":        {`{"secrets":[` + gone + `]}`, []string{"secrets[0].value: " + why}},
		"one that stands alone":         {`{"secrets":[{"id":"a","value":"long"}],"one":""}`, []string{"one: must not be empty"}},
		"one beside a value too short":  {`{"secrets":[` + gone + `,{"id":"a","value":"abc"}]}`, []string{"secrets[1].value: must have at least 4 bytes, has 3", "secrets[0].value: " + why}},
		"another field of an element":   {`{"secrets":[{"id":"","value":"long"},{"id":"a","value":"long"}]}`, []string{"secrets[0].id: must not be empty"}},
		"a secret that is not there":    {`{"secrets":[{"id":"b"},{"id":"a","value":"long"}]}`, []string{"secrets[0].value: is required"}},
		"one list does not help others": {`{"secrets":[{"id":"a","value":"long"}],"tokens":[""]}`, []string{"tokens[0]: must not be empty"}},
		"a placeholder beside another":  {`{"secrets":[{"id":"a","value":"{valt://env/x}"},{"id":"b","value":"long"}]}`, []string{"secrets[0].value: looks like a placeholder or a reference that nothing resolved"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := config.Decode([]byte(tc.data), new(rotated))
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(tc.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecode_refusesPlaceholders(t *testing.T) {
	const why = ": looks like a placeholder or a reference that nothing resolved"
	for name, tc := range map[string]struct{ data, path string }{
		"of a secret":                    {`{` + least + `,"token":"${TOKEN}"}`, "token"},
		"of a secret in a list":          {`{"verify":{"provider":"red","secrets":[{"id":"a","value":"<change-me>"}]}}`, "verify.secrets[0].value"},
		"of a list that may be resolved": {`{` + least + `,"urls":["nats://${NATS_HOST}:4222"]}`, "urls[0]"},
		"of a field that may be":         {`{` + least + `,"file":"{{ .Values.file }}"}`, "file"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := config.Decode([]byte(tc.data), new(settings)); err == nil || err.Error() != tc.path+why {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := config.Decode([]byte(`{`+least+`,"user":"${USER}"}`), new(settings)); err != nil {
		t.Errorf("a field that is no secret: %v", err)
	}
}

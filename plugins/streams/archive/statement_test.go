package archive

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
)

// provedRecord is one of an event that is held back, as it is after it was opened with
// a key.
func provedRecord(id, body string) *Record {
	d := odd()
	d.Body = []byte(body)
	d.Verification = &pipeline.Verification{Provider: "gitlab", Scheme: "token", SecretID: "1"}
	r := Capture(d)
	r.ID, r.Provider, r.Code, r.Held, r.Body, r.Key = id, "gitlab", "quarantined", true, d.Body, "k1"
	r.State()
	return r
}

func TestStatement_countsForItsOwnRecordOnly(t *testing.T) {
	other := provedRecord("r2", "{}")
	tests := map[string]struct {
		change func(r *Record)
		good   bool
	}{
		"as it was held":                   {func(*Record) {}, true},
		"a record that was not sealed":     {func(r *Record) { r.Key = "" }, false},
		"a refused delivery":               {func(r *Record) { r.Held = false }, false},
		"no statement":                     {func(r *Record) { r.Verified = nil }, false},
		"another record's of the same day": {func(r *Record) { r.Verified = other.Verified }, false},
		"another body":                     {func(r *Record) { r.Body = []byte(`{"admin":true}`) }, false},
		"no body any more":                 {func(r *Record) { r.Body = nil }, false},
		"only the body's beginning":        {func(r *Record) { r.Cut = true }, false},
		"another provider":                 {func(r *Record) { r.Provider = "github" }, false},
		"another time":                     {func(r *Record) { r.ReceivedAt = r.ReceivedAt.Add(time.Second) }, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := provedRecord("r1", "{}")
			tc.change(r)
			if got := r.Proved(); (got != nil) != tc.good {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestStatement_keepsAllOfAVerification holds for members that pipeline.Verification
// gets later, too: a release goes on with what the statement has.
func TestStatement_keepsAllOfAVerification(t *testing.T) {
	r := provedRecord("r1", "{}")
	v := reflect.ValueOf(r.Verification).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("gitlab")
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 2, 2))
		case reflect.Bool:
			f.SetBool(true)
		default:
			t.Fatalf("%s: give it a value here", v.Type().Field(i).Name)
		}
	}
	r.State()
	data, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := decode(data)
	if err != nil {
		t.Fatal(err)
	}
	back.Key = "k1"
	got := back.Proved()
	if got == nil {
		t.Fatal("the statement does not count any more")
	}
	if diff := cmp.Diff(*r.Verification, got.Verification); diff != "" {
		t.Errorf("(-proved +stated):\n%s", diff)
	}
}

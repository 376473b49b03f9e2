package quarantine

import (
	"strings"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// TestScrub_ofCustomRows holds for the ways to show a secret that no row of the
// catalogue has.
func TestScrub_ofCustomRows(t *testing.T) {
	const word = "octo-s3cret-0123456789"
	at := func(place string) spec.Family { return spec.Family{Signature: place} }
	tests := map[string]struct {
		scheme   spec.Scheme
		settings []spec.Setting
		d        pipeline.Delivery
	}{
		"a token in a form": {
			scheme: spec.Scheme{Name: "main", Kind: spec.Token, Family: at("form:the word")},
			d:      pipeline.Delivery{Body: []byte("a=1&the+word=" + word + "&b=%20&the%20word=" + word)},
		},
		"a token in a multipart form": {
			scheme: spec.Scheme{Name: "main", Kind: spec.Token, Family: at("form:word")},
			d: pipeline.Delivery{
				Headers: pipeline.Headers{{Name: "content-type", Value: "Multipart/form-data; boundary=x"}},
				Body:    []byte("--x\r\ncontent-disposition: form-data; name=\"word\"\r\n\r\n" + word + "\r\n--x--"),
			},
		},
		"a token behind a mark": {
			scheme: spec.Scheme{Name: "main", Kind: spec.Token, Mark: "key=", Family: at("header:x-mine")},
			d:      pipeline.Delivery{Headers: pipeline.Headers{{Name: "x-mine", Value: "key=" + word}}},
		},
		"a token in a parameter of any name": {
			scheme: spec.Scheme{Name: "main", Kind: spec.Token, Family: at("query:q")},
			d:      pipeline.Delivery{RawQuery: "a=1&q=" + word, PublicURL: "https://example.com/?a=1&q=" + word},
		},
		"a secret setting in a header of any name": {
			scheme: spec.Scheme{
				Name: "main", Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{body}", Family: at("header:x-signature"),
				Expect: []spec.Expect{{At: "header:x-mine", Is: "{setting:word}"}},
			},
			settings: []spec.Setting{{Name: "word", Doc: "A word.", Secret: true, Example: "x"}},
			d:        pipeline.Delivery{Headers: pipeline.Headers{{Name: "x-mine", Value: word}}},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			custom := &custom.Provider{
				Name: "octo", Schemes: []spec.Scheme{tc.scheme}, Settings: tc.settings, Facts: spec.Locators{Type: []string{"text:event"}},
				ContentTypes: []string{"application/x-www-form-urlencoded"},
			}
			row, err := custom.Row()
			if err != nil {
				t.Fatal(err)
			}
			for sealing, keys := range map[string]*archive.Keys{"sealed": ring(t, "spring"), "not sealed": {}} {
				d := tc.d
				r := captureWith(&d)
				r.ID = "record"
				newScrubber(row, nil, nil).apply(r, keys)
				if all := everything(t, r); strings.Contains(all, word) {
					t.Errorf("%s: the secret is kept: %s", sealing, all)
				}
				if len(r.Removed) == 0 && !r.Cut {
					t.Errorf("%s: nothing is said to be removed", sealing)
				}
				if r.Size != len(r.Body) && !r.Cut {
					t.Errorf("%s: %d bytes are said to be %d", sealing, len(r.Body), r.Size)
				}
				r.Key = keys.Use()
				if r.Restore(keys, []string{word}); sealing == "sealed" && !r.Cut && !strings.Contains(everything(t, r), word) {
					t.Errorf("it is not put back: %+v", r)
				}
			}
		})
	}
}

// TestScrub_keepsWhatAnEventIsMadeOf holds for places of facts whose names sound
// like secrets.
func TestScrub_keepsWhatAnEventIsMadeOf(t *testing.T) {
	for name, tc := range map[string]struct{ row, header string }{
		"an id that is called a token":      {"twilio", "i-twilio-idempotency-token"},
		"an algorithm that is expected":     {"paypal", "paypal-auth-algo"},
		"a time of a signature that counts": {"slack", "x-slack-request-timestamp"},
	} {
		t.Run(name, func(t *testing.T) {
			r := scrubbed(t, tc.row, &archive.Keys{}, &pipeline.Delivery{Headers: pipeline.Headers{{Name: tc.header, Value: "v1"}}})
			if got := string(r.Headers[0].Value); got != "v1" {
				t.Errorf("got %s", got)
			}
		})
	}
}

package kept

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNeeded_leavesOutWhatAReleaseDoesNotNeed(t *testing.T) {
	const edge = `{"ipallow":{"a":1},"ratelimit":{"b":1},"normalize":{"learn":true,"x":1},"policy":{"candidate":{"directory":"d"},"directory":"p"},` +
		`"publish":{"journal":{"directory":"j"},"stream":{"ensure":"create","name":"S"},"y":1},"quarantine":{"stream":"Q"}}`
	const single = `{"normalize":{"learn":true},"stream":{"ensure":"create"},"journal":{"directory":"j"}}`
	for name, tc := range map[string]struct {
		dry          bool
		edge, single string
	}{
		"a release": {
			false,
			`{"normalize":{"learn":true,"x":1},"policy":{"candidate":{"directory":"d"},"directory":"p"},"publish":{"stream":{"ensure":"create","name":"S"},"y":1},"quarantine":{"stream":"Q"}}`,
			`{"normalize":{"learn":true},"stream":{"ensure":"create"}}`,
		},
		"a dry run": {
			true,
			`{"normalize":{"x":1},"policy":{"directory":"p"},"publish":{"stream":{"ensure":"off","name":"S"},"y":1},"quarantine":{"stream":"Q"}}`,
			`{"normalize":{},"stream":{"ensure":"off"}}`,
		},
	} {
		got, err := needed(map[string][]byte{"webhook-edge": []byte(edge), "webhook-publish": []byte(single)}, tc.dry)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"webhook-edge": tc.edge, "webhook-publish": tc.single}
		if diff := cmp.Diff(want, map[string]string{"webhook-edge": string(got["webhook-edge"]), "webhook-publish": string(got["webhook-publish"])}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, err := needed(map[string][]byte{"webhook-edge": []byte(`{"publish":1}`)}, true); err == nil {
		t.Error("took settings of a wrong shape")
	}
}

package pipeline_test

import (
	"context"
	"errors"
	"testing"

	"webhookedge/plugins/internal/pipeline"
)

// source is a server that has the body.
type source struct {
	body  []byte
	err   error
	loads int
}

func (s *source) LoadBody(context.Context) ([]byte, error) { s.loads++; return s.body, s.err }
func (s *source) Copy(int) ([]byte, error)                 { return nil, s.err }

func TestLoadBody_asksTheServerOnlyForAMissingBody(t *testing.T) {
	errGone := errors.New("gone")
	tests := map[string]struct {
		body   []byte
		source *source
		want   string
		loads  int
	}{
		"a small body came with the snapshot": {[]byte("here"), &source{body: []byte("there")}, "here", 0},
		"a large body waits at the server":    {nil, &source{body: []byte("there")}, "there", 1},
		"no body":                             {nil, &source{}, "", 1},
		"a delivery that came from no server": {[]byte("here"), nil, "here", 0},
		"a server that lost it":               {nil, &source{err: errGone}, "", 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := &pipeline.Delivery{Body: tc.body}
			if tc.source != nil {
				d.Source = tc.source
			}
			err := pipeline.LoadBody().Handle(t.Context(), d)
			if tc.source != nil && (!errors.Is(err, tc.source.err) || tc.source.loads != tc.loads) {
				t.Errorf("asked %d times, want %d; %v", tc.source.loads, tc.loads, err)
			}
			if string(d.Body) != tc.want {
				t.Errorf("body %q, want %q", d.Body, tc.want)
			}
		})
	}
}

package verify_test

import (
	"errors"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/verify"
)

func TestRefusal_carriesTheCauseThatWasFound(t *testing.T) {
	s := stage(t, row(t, "github"), settings(secretText), verify.WithFinder(func(r verify.Refused) string {
		if !errors.Is(r.Err, provider.ErrMissing) || r.Options.Secrets[0].Value != secretText {
			t.Errorf("asked about %v", r.Err)
		}
		return "the cause"
	}))
	var reject *pipeline.Reject
	if err := s.Handle(t.Context(), &pipeline.Delivery{Method: "POST"}); !errors.As(err, &reject) || reject.Cause != "the cause" {
		t.Errorf("got %v", err)
	}
}

package streams_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/streams"
)

func TestSources_areReadAndCompared(t *testing.T) {
	const file = "streams:\n  - {name: ALL, sources: [{name: A}, {name: A, domain: us}]}\n"
	read := func(text string) *streams.Spec {
		t.Helper()
		specs, err := streams.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return &specs[0]
	}
	js, spec := startJetStream(t), read(file)
	if _, err := streams.Ensure(t.Context(), js, spec); err != nil {
		t.Fatal(err)
	}
	if change, err := streams.Plan(t.Context(), js, spec); err != nil || !change.Done() {
		t.Errorf("a stream that was just made differs: %+v, %v", change, err)
	}
	more := read(strings.Replace(file, "]}\n", ", {name: A, domain: asia}]}\n", 1))
	change, err := streams.Plan(t.Context(), js, more)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"sources: A A@us -> A A@asia A@us"}, change.Details); diff != "" || len(change.Lossy) > 0 {
		t.Errorf("lossy %v (-want +got):\n%s", change.Lossy, diff)
	}
	if err := change.Apply(t.Context(), js, false); err != nil {
		t.Fatal(err)
	}
	change, err = streams.Plan(t.Context(), js, spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := change.Apply(t.Context(), js, false); !errors.Is(err, streams.ErrLossy) {
		t.Errorf("a source is removed: %v", err)
	}
}

func TestSources_faultsAreNamed(t *testing.T) {
	for name, tc := range map[string]struct{ stream, want string }{
		"subjects, too":     {"{name: ALL, subjects: [a.>], sources: [{name: A}]}", "sources: "},
		"the stream itself": {"{name: ALL, sources: [{name: ALL}]}", "sources[0]: "},
		"one twice":         {"{name: ALL, sources: [{name: A}, {name: A}]}", "sources[1]: "},
		"an odd name":       {"{name: ALL, sources: [{name: a.b}]}", "sources[0].name: "},
		"an odd domain":     {"{name: ALL, sources: [{name: A, domain: u.>}]}", "sources[0].domain: "},
		"a key that is not": {"{name: ALL, sources: [{name: A, region: us}]}", "region"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := streams.Parse(strings.NewReader("streams:\n  - " + tc.stream + "\n"))
			if !errors.Is(err, streams.ErrFile) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := streams.Parse(strings.NewReader("streams:\n  - {name: ALL, sources: [{name: ALL, domain: us}]}\n")); err != nil {
		t.Errorf("the stream of the same name in another domain: %v", err)
	}
}

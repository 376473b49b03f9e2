package explain

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// TestExplain_officialCode has deliveries on which the senders' own libraries decide, a
// line each with its source: what they sign or take is valid here, and what is changed
// after it was signed is not.
func TestExplain_officialCode(t *testing.T) {
	file, err := os.ReadFile("testdata/official.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(file) {
		var want struct {
			Provider string `json:"provider"`
			Source   string `json:"source"`
			Verdict  string `json:"want"`
			Reason   string `json:"want_reason"` // "" for any
		}
		if err := json.Unmarshal(line, &want); err != nil || want.Source == "" {
			t.Fatalf("%v: %s", err, line)
		}
		t.Run(want.Provider+"/"+want.Source, func(t *testing.T) {
			got, err := explainLine(t.Context(), line, &given{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict != want.Verdict || want.Reason != "" && got.Reason != want.Reason {
				t.Errorf("got %s (%s: %v), want %s %s", got.Verdict, got.Reason, got.Causes, want.Verdict, want.Reason)
			}
		})
	}
}

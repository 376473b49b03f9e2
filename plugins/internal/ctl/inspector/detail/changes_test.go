package detail

import (
	"strings"
	"testing"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/provider"
)

// TestChanges_sayWhatToDoAfterEachRefusal holds the table to the codes, and the settings that
// it names to the config.
func TestChanges_sayWhatToDoAfterEachRefusal(t *testing.T) {
	schema, err := config.KongSchema(chain.Server, settings.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range pipeline.Codes() {
		all := changesOf(info.Code)
		if info.Status < 400 {
			if len(all) > 0 {
				t.Errorf("%s refuses nothing", info.Label)
			}
			continue
		}
		if len(all) == 0 || all[len(all)-1].when != "" {
			t.Errorf("%s: nothing for every reason", info.Label)
			continue
		}
		for i, one := range all {
			if !strings.HasSuffix(one.do, ".") || len(one.do) > 200 || i < len(all)-1 && one.when == "" {
				t.Errorf("%s: %+v", info.Label, one)
			}
			if one.setting == "" || one.setting == "config" || one.setting == "require_verified" {
				continue // of no setting, and of single plugins
			}
			for name := range strings.SplitSeq(one.setting, ".") {
				if !strings.Contains(string(schema), `"`+name+`"`) {
					t.Errorf("%s: no setting %s", info.Label, one.setting)
				}
			}
		}
	}
}

func TestChanges_followTheReasonOfASignature(t *testing.T) {
	for err, want := range map[error]string{
		provider.ErrMissing: "so that it signs", provider.ErrRepeated: "a second time", provider.ErrMalformed: "right provider and scheme",
		provider.ErrStale: "tolerance_seconds", provider.ErrFuture: "clock", provider.ErrMismatch: "Compare the secret", provider.ErrDowngrade: "Remove verify.scheme",
	} {
		if got := changeFor(pipeline.SignatureInvalid, err.Error(), "").do; !strings.Contains(got, want) {
			t.Errorf("%v: %s", err, got)
		}
	}
}

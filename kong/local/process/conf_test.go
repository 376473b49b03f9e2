package process_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local/process"
)

func TestVariables_ofAKongConf(t *testing.T) {
	tests := map[string]struct {
		conf string
		want map[string]string
	}{
		"set":            {"# why\nnginx_location_set = $edge \"$remote_addr $request_uri\"\n", map[string]string{"edge": "$remote_addr $request_uri"}},
		"without quotes": {"nginx_location_set = $edge $remote_addr # why", map[string]string{"edge": "$remote_addr"}},
		"not set":        {"# nginx_location_set = $edge x\ndatabase = off\n", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, process.Variables(tc.conf)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

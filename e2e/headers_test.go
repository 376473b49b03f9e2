package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"webhookedge/kong/local/host"
)

// TestHeaders_thoseThatKongRemovedStayAway sends header lines up to Kong's limit and
// beyond, the last of them forged, to every plugin that lets a request go on to a
// service. Kong shows a plugin the first lines only.
func TestHeaders_thoseThatKongRemovedStayAway(t *testing.T) {
	broker := startNATS(t)
	const sender = `"provider":"github","respond":"continue"`
	publish := fmt.Sprintf(`"servers":[%q],"stream":{"ensure":"create"}`, broker.url())
	plugins := map[string]struct {
		config string
		clears bool // whether the plugin is to remove the forged line
	}{
		"webhook-ipallow":   {`{` + sender + `,"allow":["192.0.2.1"]}`, false},
		"webhook-ratelimit": {`{` + sender + `,"limits":[{"by":"route","rate":"1000-S"}]}`, false},
		"webhook-verify":    {`{` + sender + `,"secrets":[{"value":"` + githubSecret + `"}]}`, true},
		"webhook-policy":    {`{` + sender + `,"require_verified":false,"directory":"../policies"}`, false},
		"webhook-publish":   {`{` + sender + `,"require_verified":false,` + publish + `}`, false},
		"webhook-edge":      {`{` + sender + `,"verify":{"secrets":[{"value":"` + githubSecret + `"}]},"publish":{` + publish + `}}`, true},
	}
	for name, tc := range plugins {
		t.Run(name, func(t *testing.T) {
			_, plugin := startPlugin(t, name, nil)
			cfg := pluginConfig(tc.config)
			for lines, status := range map[int]int{999: 0, 1000: http.StatusRequestHeaderFieldsTooLarge, 1005: http.StatusRequestHeaderFieldsTooLarge} {
				x := host.NewContext(crowded(lines), nil)
				defer x.Close()
				if err := plugin.Access(x, cfg); err != nil {
					t.Fatalf("%d lines: %v", lines, err)
				}
				got := 0 // Kong goes on to the service
				if x.Exit != nil {
					got = x.Exit.Status
				}
				if got != status {
					t.Errorf("%d lines: status %d, want %d", lines, got, status)
				}
				if got == 0 && tc.clears && told(x, "EVIL") {
					t.Errorf("%d lines: the service sees a forged header", lines)
				}
			}
		})
	}
}

// crowded is a signed delivery with that many header lines, the last of them forged.
func crowded(lines int) *host.Request {
	r := githubRequest(githubSecret, 2048)
	for i := len(r.Headers); i < lines-1; i++ {
		r.Headers = append(r.Headers, host.Header{Name: fmt.Sprintf("a-%d", i), Value: "x"})
	}
	r.Headers = append(r.Headers, host.Header{Name: "webhook-event-type", Value: "EVIL"})
	return r
}

// told reports whether the service would see a header of the given value.
func told(x *host.Context, value string) bool {
	for _, h := range x.Headers() {
		if h.Value == value {
			return true
		}
	}
	return false
}

package ipallow_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// TestDocument_formatsOfPublishers fetches documents as their publishers document
// them, cut to a few entries, from a server on loopback that stands for them.
func TestDocument_formatsOfPublishers(t *testing.T) {
	atlassian := `{"creationDate":"2026-01-01T00:00:00","syncToken":1,"items":[
	  {"network":"104.192.136.0","mask_len":21,"cidr":"104.192.136.0/21","mask":"255.255.248.0","region":["global"],"product":["bitbucket","jira"],"direction":["ingress","egress"],"perimeter":"commercial"},
	  {"network":"13.52.5.96","mask_len":28,"cidr":"13.52.5.96/28","mask":"255.255.255.240","product":["jira"],"direction":["egress"]},
	  {"network":"18.246.31.224","mask_len":28,"cidr":"18.246.31.224/28","mask":"255.255.255.240","product":["bitbucket"],"direction":["ingress"]},
	  {"network":"2401:1d80:3000::","mask_len":36,"cidr":"2401:1d80:3000::/36","product":["bitbucket"],"direction":["egress"]}]}`
	tests := map[string]struct {
		document string
		in, out  []string
	}{
		"github": {
			`{"verifiable_password_authentication":false,"hooks":["192.30.252.0/22","185.199.108.0/22","140.82.112.0/20","143.55.64.0/20","2a0a:a440::/29"],"web":["20.201.28.151/32"],"domains":{"website":["*.github.com"]}}`,
			[]string{"192.30.255.1", "2a0a:a440::1"}, []string{"20.201.28.151"},
		},
		"stripe": {
			`{"WEBHOOKS":["3.18.12.63","3.130.192.231","13.235.14.237","13.235.122.149","18.211.135.69","35.154.171.200","52.15.183.38","54.88.130.119","9.9.9.9"]}`,
			[]string{"3.18.12.63", "9.9.9.9"}, []string{"3.18.12.64"},
		},
		"svix": {
			`{"us":["44.228.126.217","50.112.21.217","52.24.126.164","54.148.139.208","2600:1f24:64:8000::/56"],"eu":["52.215.16.239","54.216.8.72","63.33.109.123","2a05:d028:17:8000::/56"],"in":["13.126.41.108","9.9.9.9"]}`,
			[]string{"44.228.126.217", "2600:1f24:64:8000::9", "52.215.16.239", "9.9.9.9"}, []string{"1.1.1.1"},
		},
		"atlassian-bitbucket": {atlassian, []string{"104.192.137.1", "2401:1d80:3000::1"}, []string{"13.52.5.97", "18.246.31.225"}},
		"atlassian-jira":      {atlassian, []string{"104.192.137.1", "13.52.5.97"}, []string{"18.246.31.225", "2401:1d80:3000::1"}},
		"aws": {
			`{"syncToken":"1","createDate":"2026-01-01-00-00-00",
			  "prefixes":[{"ip_prefix":"15.177.0.0/18","region":"GLOBAL","service":"ROUTE53_HEALTHCHECKS","network_border_group":"GLOBAL"},{"ip_prefix":"3.5.140.0/22","region":"ap-northeast-2","service":"AMAZON","network_border_group":"ap-northeast-2"}],
			  "ipv6_prefixes":[{"ipv6_prefix":"2406:da18:fff:f800::/53","region":"ap-southeast-1","service":"AMAZON","network_border_group":"ap-southeast-1"}]}`,
			[]string{"3.5.140.1", "2406:da18:fff:f800::1"}, []string{"15.177.1.1"},
		},
		"okta":         {`{"us_cell_1":{"ip_ranges":["3.14.44.0/27"]},"emea_cell_1":{"ip_ranges":["99.80.129.0/27"]}}`, []string{"3.14.44.1", "99.80.129.1"}, []string{"3.14.45.1"}},
		"pagerduty-us": {`["44.242.69.192","52.89.71.166","54.213.187.133","35.86.21.47","52.88.94.18","44.238.89.29","54.241.68.46"]`, []string{"44.242.69.192"}, []string{"44.242.69.193"}},
		"pagerduty-eu": {`["18.192.91.93","18.158.120.237","18.194.177.30","18.158.199.216","3.126.25.87","18.197.187.16"]`, []string{"18.192.91.93"}, []string{"44.242.69.193"}},
		"datadog": {
			`{"version":1,"modified":"2026-01-01-00-00-00","agents":{"prefixes_ipv4":["3.233.144.0/20"],"prefixes_ipv6":[]},"webhooks":{"prefixes_ipv4":["9.9.9.9/32"],"prefixes_ipv6":[]}}`,
			[]string{"9.9.9.9"}, []string{"3.233.144.1"},
		},
		"terraform-cloud": {
			`{"api":["75.2.98.97/32"],"notifications":["52.86.200.106/32","52.86.201.227/32","52.70.186.109/32","44.236.246.186/32","9.9.9.9/32"],"sentinel":["54.185.161.84/32"],"vcs":["44.238.78.236/32"]}`,
			[]string{"52.86.200.106", "9.9.9.9"}, []string{"75.2.98.97", "44.238.78.236"},
		},
		"linear": {
			`{"ips":["34.134.222.122/32","34.140.253.14/32","34.185.239.137/32","34.186.126.124/32","34.38.87.206/32","34.48.40.158/32","34.60.255.158/32","34.62.119.29/32","9.9.9.9/32"],"codingSessionIps":["8.8.8.8/32"]}`,
			[]string{"34.134.222.122", "9.9.9.9"}, []string{"8.8.8.8"},
		},
		"paddle-live":    {`{"data":{"ipv4_cidrs":["34.237.3.244/32","34.195.105.136/32","34.232.58.13/32","9.9.9.9/32"]},"meta":{"request_id":"1"}}`, []string{"34.237.3.244", "9.9.9.9"}, []string{"52.11.166.252"}},
		"paddle-sandbox": {`{"data":{"ipv4_cidrs":["3.208.120.145/32","54.234.237.108/32","34.194.127.46/32","9.9.9.9/32"]},"meta":{"request_id":"1"}}`, []string{"3.208.120.145", "9.9.9.9"}, []string{"100.20.172.113"}},
		"buildkite":      {`{"webhook_ips":["100.24.182.113","35.172.45.249","9.9.9.9"]}`, []string{"100.24.182.113", "9.9.9.9"}, []string{"54.85.125.32"}},
		"auth0": {
			`{"last_updated_at":"2026-01-01T00:00:00Z","regions":{"US":{"ipv4_cidrs":["18.197.9.11/32"]},"EU":{"ipv4_cidrs":["9.9.9.9/32"]}},"changelog":[{"date":"2026-01-01","region":"US","action":"add","ipv4_cidrs":["8.8.8.8/32"]}]}`,
			[]string{"18.197.9.11", "9.9.9.9"}, []string{"8.8.8.8"},
		},
	}
	for _, list := range ipallow.Shipped(catalogue.All()) {
		tc, there := tests[list.Name]
		if there == (list.URL == "") {
			t.Errorf("%s: a document is tested: %v, and fetched from %q", list.Name, there, list.URL)
		}
		if !there {
			continue
		}
		t.Run(list.Name, func(t *testing.T) {
			admits(t, list.RangeList, tc.document, tc.in, tc.out)
		})
	}
}

// TestDocument_otherFormats are forms that no list of the catalogue has.
func TestDocument_otherFormats(t *testing.T) {
	tests := map[string]struct {
		list     spec.RangeList
		document string
		in, out  []string
	}{
		"a text": {
			spec.RangeList{Format: spec.RangeText}, "3.18.12.63\r\n3.130.192.231\n\n# the end\n",
			[]string{"3.18.12.63", "3.130.192.231"}, []string{"3.18.12.64"},
		},
		"members that not every element has": {
			spec.RangeList{Format: spec.RangeJSON, Paths: []string{"prefixes.*.ipv4Prefix", "prefixes.*.ipv6Prefix"}},
			`{"prefixes":[{"ipv4Prefix":"8.8.4.0/24"},{"ipv6Prefix":"2001:4860::/32"}]}`,
			[]string{"8.8.4.4", "2001:4860::1"}, []string{"8.8.8.8"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			admits(t, tc.list, tc.document, tc.in, tc.out)
		})
	}
}

// admits fails unless a stage admits who is on the document and nobody else.
func admits(t *testing.T, list spec.RangeList, document string, in, out []string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(document)) }))
	defer server.Close()
	p, cfg := published(t, list, server)
	k := newKit(t)
	s := k.stage(t, p, cfg)
	eventually(t, "the list is fetched", func() bool { return k.count(t, "refreshes_total other updated") == 1 })
	for _, addr := range in {
		if err := handle(t, s, addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, addr := range out {
		if handle(t, s, addr) == nil {
			t.Errorf("%s passed", addr)
		}
	}
}

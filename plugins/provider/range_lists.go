package provider

// The lists that more than one row has, or one row more than once.

// atlassian is the part of Atlassian's list that one product sends from.
func atlassian(product string) RangeList {
	return RangeList{
		Name: "atlassian-" + product, URL: "https://ip-ranges.atlassian.com/", Format: RangeJSON, Paths: []string{"items.*.cidr"},
		Where: []RangeMatch{{Field: "product", OneOf: []string{product}}, {Field: "direction", OneOf: []string{"egress"}}},
		Docs:  "https://support.atlassian.com/organization-administration/docs/ip-addresses-and-domains-for-atlassian-cloud-products/",
	}
}

// pagerdutyRegion is PagerDuty's list for the webhooks of one service region.
func pagerdutyRegion(region string) RangeList {
	return RangeList{
		Name: "pagerduty-" + region, URL: "https://developer.pagerduty.com/ip-safelists/webhooks-" + region + "-service-region-json",
		Format: RangeJSON, Paths: []string{"*"}, Docs: "https://developer.pagerduty.com/docs/webhook-ips",
	}
}

// svixRanges is Svix's list, for Svix and those who send through it.
func svixRanges() RangeList {
	return RangeList{
		Name: "svix", URL: "https://docs.svix.com/webhook-ips.json", Format: RangeJSON, Paths: []string{"*"},
		Docs: "https://docs.svix.com/receiving/source-ips",
	}
}

// paddleRanges is Paddle's list of one environment.
func paddleRanges(environment, host string) RangeList {
	return RangeList{
		Name: "paddle-" + environment, URL: "https://" + host + "api.paddle.com/ips", Format: RangeJSON, Paths: []string{"data.ipv4_cidrs"},
		Docs: "https://developer.paddle.com/webhooks/respond-to-webhooks",
	}
}

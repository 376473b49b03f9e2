package detail

import (
	"strings"

	"webhookedge/plugins/internal/pipeline"
)

// change is what to change after a refusal.
type change struct {
	when    string // what the reason or its cause holds; "" is any
	do      string
	setting string // that it is about, as webhook-edge has it
}

// changesOf returns what may help after a refusal, the most special first. The last is for
// every reason, and its text is never empty for a code that refuses.
func changesOf(c pipeline.Code) []change {
	switch c {
	case pipeline.SignatureInvalid:
		return signatureChanges()
	case pipeline.PolicyDenied, pipeline.PolicyUnavailable, pipeline.PolicyFailed:
		return policyChanges(c)
	case pipeline.EventTooLarge, pipeline.BrokerUnavailable, pipeline.NoStream, pipeline.Overloaded, pipeline.DeadlineExceeded, pipeline.IDReused:
		return storeChanges(c)
	case pipeline.Misconfigured, pipeline.Internal:
		return faultChanges(c)
	}
	return earlyChanges(c)
}

func signatureChanges() []change {
	return []change{
		{"signature is missing", "Set the secret at the sender, so that it signs, and look whether a proxy in front removes the header.", "verify.secrets"},
		{"is repeated", "Find what adds the signature header a second time, such as a proxy that copies headers, and turn that off.", "verify.scheme"},
		{"is malformed", "Look whether the route has the right provider and scheme, and whether something rewrites the header on its way.", "verify.scheme"},
		{"too old", "Set the clock of this machine, or raise verify.tolerance_seconds where the sender delivers late by design.", "verify.tolerance_seconds"},
		{"from the future", "Set the clock of this machine: the sender's is ahead of it.", "verify.tolerance_seconds"},
		{"weak signature", "Remove verify.scheme, so that the strong signature is checked that the sender sends as well.", "verify.scheme"},
		{"host is not", "Add the host to verify.public_hosts, or set verify.public_url to the URL that the sender calls.", "verify.public_hosts"},
		{"URL", "Set verify.public_url to the URL exactly as it is entered at the sender.", "verify.public_url"},
		{"client certificate", "Name the proxy that ends TLS in verify.client_cert_from, or let no other peer pass the header on.", "verify.client_cert_from"},
		{"line end", "Pass the body on byte for byte: something added or removed a line end behind it.", "verify.secrets"},
		{"written anew", "Pass the body on byte for byte: something parsed it and wrote it anew.", "verify.secrets"},
		{"another scheme", "Set verify.scheme to the scheme that the sender uses.", "verify.scheme"},
		{"another provider", "Send the provider to its own route, or set provider of this one.", "provider"},
		{"", "Compare the secret in verify.secrets with the one at the sender, and keep the old one beside the new one while it is rotated.", "verify.secrets"},
	}
}

func policyChanges(c pipeline.Code) []change {
	switch c {
	case pipeline.PolicyDenied:
		return []change{
			{"", "Change the rule of the policy that refuses it, shown with the decision, where the event should pass.", "policy.directory"},
		}
	case pipeline.PolicyUnavailable:
		return []change{
			{"max_stale_seconds", "Make the source of the policy readable again, or raise policy.max_stale_seconds.", "policy.max_stale_seconds"},
			{"time", "Make the policy quicker (webhookctl policy bench measures it), or raise policy.timeout_ms.", "policy.timeout_ms"},
			{"", "Put a policy that compiles where policy.directory points, or make the bundles reachable; webhookctl policy check says what is wrong.", "policy.directory"},
		}
	}
	return []change{
		{"undefined", "Give the decision of the policy a default, so that it is defined for every event.", "policy.decision"},
		{"", "Correct the rule that failed: webhookctl policy eval --explain shows where it stopped for this event.", "policy.directory"},
	}
}

func storeChanges(c pipeline.Code) []change {
	switch c {
	case pipeline.EventTooLarge:
		return []change{{"", "Name a bucket in publish.objects, which takes payloads that are too large for a message.", "publish.objects"}}
	case pipeline.NoStream:
		return []change{{"", "Create a stream that takes the subject, or add the subject to one; webhookctl streams check compares them.", "publish.stream"}}
	case pipeline.Overloaded:
		return []change{
			{"ordering key", "Take a finer publish.ordering_key, so that fewer events wait for one another.", "publish.ordering_key"},
			{"", "Raise -body-memory-bytes in kong.conf, or add gateways: the bodies under way take all the memory there is for them.", "max_body_bytes"},
		}
	case pipeline.DeadlineExceeded:
		return []change{{"", "Find the slow stage among the times above, and make it quicker or raise deadline_ms as far as the sender's time-out allows.", "deadline_ms"}}
	case pipeline.IDReused:
		return []change{{"", "Ask the sender why two events have one id, and name a stream in quarantine.stream, which keeps the second one.", "quarantine.stream"}}
	}
	return []change{
		{"ack", "Look at the load and the disks of NATS, or set publish.journal.directory, so that deliveries need not wait for it.", "publish.ack_timeout_ms"},
		{"", "Make NATS reachable at publish.servers, and set publish.journal.directory, so that deliveries are taken while it is away.", "publish.servers"},
	}
}

func faultChanges(c pipeline.Code) []change {
	if c == pipeline.Internal {
		return []change{{"", "Report it with the stack in the log of the plugin: it is a fault of the edge and not of the sender.", ""}}
	}
	return []change{
		{"secret", "Give the secret a value: the variable that its vault reference names is empty or missing.", "verify.secrets"},
		{"", "Run webhookctl check, which names every setting that cannot be used, and correct those.", "config"},
	}
}

func earlyChanges(c pipeline.Code) []change {
	switch c {
	case pipeline.TooManyHeaders:
		return []change{{"", "Find what adds the headers, at the sender or at a proxy in front: no more than 999 lines are taken.", ""}}
	case pipeline.IPDenied:
		return []change{
			{"deny list", "Take the address off ipallow.deny where it may deliver.", "ipallow.deny"},
			{"unknown", "Set trusted_ips and real_ip_header in kong.conf, so that Kong knows the address of the client.", "ipallow"},
			{"", "Add the address to ipallow.allow, or turn on ipallow.provider_ranges where it is one of the provider's.", "ipallow.allow"},
		}
	case pipeline.RateLimited:
		return []change{
			{"unknown", "Set trusted_ips and real_ip_header in kong.conf, so that deliveries can be counted by their address.", "ratelimit.limits"},
			{"", "Raise the limit in ratelimit.limits where such a rate is usual for the sender; it tries again by itself.", "ratelimit.limits"},
		}
	case pipeline.LimiterUnavailable:
		return []change{{"", "Make the Redis of ratelimit.redis reachable, or set ratelimit.on_store_error to local, which counts in memory meanwhile.", "ratelimit.on_store_error"}}
	case pipeline.MethodNotAllowed:
		return []change{{"", "Let the sender deliver with a method of its provider, and look whether a redirect in front turned POST into GET.", "provider"}}
	case pipeline.BodyTooLarge:
		return []change{
			{"expanded", "Raise normalize.max_expanded_bytes where such payloads are usual for the sender.", "normalize.max_expanded_bytes"},
			{"", "Raise max_body_bytes where such bodies are usual for the sender.", "max_body_bytes"},
		}
	case pipeline.KeyUnavailable:
		return []change{{"", "Let the gateway reach the address at which the provider publishes its keys; the sender tries again.", "provider"}}
	case pipeline.Unverified:
		return []change{{"", "Put webhook-verify on the route before this plugin, or use webhook-edge, which does all of it.", "require_verified"}}
	case pipeline.Malformed:
		return []change{
			{"duplicate name", "Let the sender write each name once, or set normalize.duplicate_keys to last.", "normalize.duplicate_keys"},
			{"file", "Set normalize.files to describe or embed where the sender's forms have files.", "normalize.files"},
			{"", "Look whether the route has the right provider, and whether something changes the body on its way.", "provider"},
		}
	case pipeline.TypeMismatch:
		return []change{{"", "Look whether something changes the sender's headers: the one that names the event does not fit the signed payload.", "provider"}}
	case pipeline.PayloadInvalid:
		return []change{{"", "Bring the schema up to date (webhookctl drift shows what changed), or set normalize.validation.on_invalid to tag.", "normalize.validation.on_invalid"}}
	}
	return nil
}

// changeFor is the change for a code, by what its reason and cause say.
func changeFor(c pipeline.Code, reason, cause string) change {
	all := changesOf(c)
	for _, text := range []string{reason, cause} {
		for _, one := range all {
			if one.when != "" && strings.Contains(strings.ToLower(text), strings.ToLower(one.when)) {
				return one
			}
		}
	}
	if len(all) == 0 {
		return change{}
	}
	return all[len(all)-1]
}

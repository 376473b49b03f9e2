package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func awsSnsRow() spec.Provider {
	return spec.Provider{
		Name:  "aws-sns",
		Title: "AWS SNS",
		Docs:  "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
		Schemes: []spec.Scheme{{
			Name: "v2", Kind: spec.RSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "json:Signature", Timestamp: "json:Timestamp"},
			Encoding: spec.Base64, Content: "Message\n{json:Message|free}\nMessageId\n{json:MessageId}\n[Subject\n{json:Subject|empty}\n][SubscribeURL\n{json:SubscribeURL}\n]Timestamp\n{timestamp}\n[Token\n{json:Token}\n]TopicArn\n{json:TopicArn}\nType\n{json:Type}\n",
			BodyUnsigned: true, Expect: []spec.Expect{{At: "json:SignatureVersion", Is: "2"}, {At: "json:TopicArn", Is: "{setting:topic_arn}"}},
			TimeUnit: spec.RFC3339, ToleranceSeconds: 3600,
			Key: spec.KeyCertificate,
			Remote: &spec.Remote{
				At:         "json:SigningCertURL",
				Hosts:      []string{"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"},
				PathSuffix: ".pem",
				Form:       spec.KeyCertificate,
				Example:    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem",
			},
		}, {
			Name: "v1", Kind: spec.RSA, Hash: spec.SHA1, Weak: true,
			Family:   spec.Family{Signature: "json:Signature", Timestamp: "json:Timestamp"},
			Encoding: spec.Base64, Content: "Message\n{json:Message|free}\nMessageId\n{json:MessageId}\n[Subject\n{json:Subject|empty}\n][SubscribeURL\n{json:SubscribeURL}\n]Timestamp\n{timestamp}\n[Token\n{json:Token}\n]TopicArn\n{json:TopicArn}\nType\n{json:Type}\n",
			BodyUnsigned: true, Expect: []spec.Expect{{At: "json:SignatureVersion", Is: "1"}, {At: "json:TopicArn", Is: "{setting:topic_arn}"}},
			TimeUnit: spec.RFC3339, ToleranceSeconds: 3600,
			Key: spec.KeyCertificate,
			Remote: &spec.Remote{
				At:         "json:SigningCertURL",
				Hosts:      []string{"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"},
				PathSuffix: ".pem",
				Form:       spec.KeyCertificate,
				Example:    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem",
			},
		}},
		Settings: []spec.Setting{{
			Name: "topic_arn", Doc: "The ARN of the topic. Amazon signs the messages of every account with one key, so without it anybody's topic could deliver.",
			Example: "arn:aws:sns:eu-central-1:123456789012:octo", Optional: true, Pins: true,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:Type"},
			ID:      []string{"json:MessageId"},
			Time:    []spec.TimeAt{{At: "json:Timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:TopicArn"},
			Subject: []string{"json:Subject"},
		},
		Identity: spec.Identity{
			Why: "MessageId is signed and unique for each message that is published, whatever the topic (SNS API reference).",
		},
		ContentTypes: []string{"text/plain"},
		Forms:        []spec.Format{spec.FormatJSON},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:Type", Is: "SubscriptionConfirmation", Confirm: "json:SubscribeURL", ConfirmHosts: []string{"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"}}},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 50, Span: 1 * time.Hour, Note: "By policy: three at once, two after 1 s, ten backing off from 1 to 20 s, 35 every 20 s, then the dead-letter queue."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "SNS tries again after errors of the server, so a 503 is answered: a 4xx may drop the message.",
		Ranges: []spec.RangeList{{
			Name: "aws", URL: "https://ip-ranges.amazonaws.com/ip-ranges.json", Format: spec.RangeJSON,
			Paths: []string{"prefixes.*.ip_prefix", "ipv6_prefixes.*.ipv6_prefix"}, Where: []spec.RangeMatch{{Field: "service", OneOf: []string{"AMAZON"}}},
			Docs: "https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html",
		}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "text/plain; charset=UTF-8"},
			{Name: "user-agent", Value: "Amazon Simple Notification Service Agent"},
			{Name: "x-amz-sns-message-type", Value: "{event}"},
		},
		Pitfalls: []string{
			"A topic signs with SHA-1 (SignatureVersion 1) unless its attribute SignatureVersion is 2: set it, or choose the scheme v1.",
			"Any AWS account can have a message signed and delivered here: topic_arn is what makes it yours.",
			"The content type is text/plain although the body is JSON.",
			"Raw message delivery has neither envelope nor signature, so its deliveries are refused.",
			"A subscription is confirmed by a request to SubscribeURL, whose host is checked as that of the certificate is.",
			"The event itself is the text in Message.",
		},
		Source: "aws-php-sns-message-validator; aws-sdk-java-v2, sns-message-manager (five messages recomputed); sns-validator 0.3 (an empty Subject is signed); SNS developer guide",
		Unsure: []string{"retry", "time-out"},
	}
}

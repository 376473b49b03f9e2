package local

import "slices"

// terminationName is the bundled plugin that is run here, terminationPriority
// its place among the others.
const (
	terminationName     = "request-termination"
	terminationPriority = 2
)

// isBundled says whether Kong 3.9 brings a plugin of this name along.
// Source: Kong 3.9.3, kong/constants.lua.
func isBundled(name string) bool {
	return slices.Contains([]string{
		"jwt", "acl", "correlation-id", "cors", "oauth2", "tcp-log", "udp-log", "file-log", "http-log", "key-auth", "hmac-auth",
		"basic-auth", "ip-restriction", "request-transformer", "response-transformer", "request-size-limiting", "rate-limiting",
		"response-ratelimiting", "syslog", "loggly", "datadog", "ldap-auth", "statsd", "bot-detection", "aws-lambda",
		"request-termination", "prometheus", "proxy-cache", "session", "acme", "grpc-gateway", "grpc-web", "pre-function",
		"post-function", "azure-functions", "zipkin", "opentelemetry", "ai-proxy", "ai-prompt-decorator", "ai-prompt-template",
		"ai-prompt-guard", "ai-request-transformer", "ai-response-transformer", "standard-webhooks", "redirect",
	}, name)
}

// terminationSchema is request-termination's schema.
const terminationSchema = `{"name":"request-termination","fields":[{"config":{"type":"record","required":true,"fields":[
{"status_code":{"type":"integer","required":true,"default":503,"between":[100,599]}},
{"message":{"type":"string"}},
{"content_type":{"type":"string"}},
{"body":{"type":"string"}},
{"echo":{"type":"boolean","required":true,"default":false}},
{"trigger":{"type":"string"}}]}}]}`

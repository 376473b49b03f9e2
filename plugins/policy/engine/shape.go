package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
)

// reader collects the members of a decision, and the first fault by name, so that the message
// does not change from one time to the next.
type reader struct {
	d                                     *Decision
	wrong                                 string
	allow, code, status, subject, targets bool
	stream                                string
}

func (r *reader) fault(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if r.wrong == "" || text < r.wrong {
		r.wrong = text
	}
}

// Members returns the names of the members that a decision may have, sorted.
func Members() []string {
	return []string{"allow", "code", "headers", "labels", "quarantine", "reason", "redact", "rule", "status", "stream", "subject", "targets", "tenant"}
}

func (r *reader) member(name string, v ast.Value) {
	d := r.d
	switch name {
	case "allow":
		d.Allow, r.allow = r.boolean(name, v), true
	case "quarantine":
		d.Quarantine = r.boolean(name, v)
	case "reason":
		d.Reason = r.text(name, v, 1, 512)
	case "rule":
		d.Rule = r.matching(name, v, ruleName)
	case "tenant":
		d.Tenant = r.text(name, v, 1, 256)
	case "code":
		r.refusal(v)
	case "status":
		r.httpStatus(v)
	case "subject":
		d.Targets, r.subject = append(d.Targets, pipeline.Target{Subject: r.address(name, v)}), true
	case "stream":
		r.stream = r.matching(name, v, streamName)
	case "targets":
		r.targets = true
		r.list(name, v, 1, 16, func(at string, v ast.Value) { d.Targets = append(d.Targets, r.target(at, v)) })
	case "redact":
		r.list(name, v, 0, 64, func(at string, v ast.Value) { d.Redact = append(d.Redact, r.redaction(at, v)) })
	case "headers":
		r.object(name, v, 16, func(key string, v ast.Value) { r.header(key, v) })
	case "labels":
		r.object(name, v, 8, func(key string, v ast.Value) {
			if !labelName.MatchString(key) {
				r.fault("labels: a name that is not lower case, digits and _")
			}
			d.Labels = append(d.Labels, Label{key, r.text("labels."+key, v, 1, 64)})
		})
	default:
		all := Members()
		r.fault("there is no member %.32q; there are %s and %s", name, strings.Join(all[:len(all)-1], ", "), all[len(all)-1])
	}
}

// whole checks what members say of each other, where each is right by itself.
func (r *reader) whole() {
	if r.wrong != "" {
		return
	}
	d := r.d
	switch {
	case !r.allow:
		r.fault("allow is missing")
	case !d.Allow && d.Reason == "":
		r.fault("reason is missing where allow is false")
	case d.Allow && (r.code || r.status):
		r.fault("code and status belong to a refusal")
	case r.code && r.status:
		r.fault("code and status exclude each other")
	case r.subject && r.targets:
		r.fault("subject and targets exclude each other")
	case r.stream != "" && !r.subject:
		r.fault("stream is that of a subject, which is missing")
	}
}

func (r *reader) boolean(at string, v ast.Value) bool {
	b, ok := v.(ast.Boolean)
	if !ok {
		r.fault("%s is neither true nor false", at)
	}
	return bool(b)
}

func (r *reader) text(at string, v ast.Value, least, most int) string {
	s, ok := v.(ast.String)
	if n := utf8.RuneCountInString(string(s)); !ok || n < least || n > most {
		r.fault("%s is not a text of %d to %d characters", at, least, most)
	}
	return string(s)
}

func (r *reader) matching(at string, v ast.Value, pattern *regexp.Regexp) string {
	s, ok := v.(ast.String)
	if !ok || !pattern.MatchString(string(s)) {
		r.fault("%s does not match %s", at, pattern)
	}
	return string(s)
}

func (r *reader) refusal(v ast.Value) {
	r.code = true
	s, _ := v.(ast.String)
	code, ok := pipeline.ParseCode(string(s))
	if !ok || !slices.Contains(refusals(), code) {
		r.fault("code is not one that a policy can refuse with: %v", refusals())
		return
	}
	r.d.Code = code
}

func (r *reader) httpStatus(v ast.Value) {
	r.status = true
	n, ok := v.(ast.Number)
	status, err := json.Number(n).Float64()
	if !ok || err != nil || status < 400 || status > 599 || status != math.Trunc(status) {
		r.fault("status is not a whole number from 400 to 599")
		return
	}
	r.d.Status = int(status)
}

func (r *reader) list(at string, v ast.Value, least, most int, each func(string, ast.Value)) {
	if set, ok := v.(ast.Set); ok { // written as an array in JSON, in its order
		v = ast.NewArray(set.Slice()...)
	}
	a, ok := v.(*ast.Array)
	if !ok || a.Len() < least || a.Len() > most {
		r.fault("%s is not an array of %d to %d elements", at, least, most)
		return
	}
	for i := range a.Len() {
		each(fmt.Sprintf("%s[%d]", at, i), a.Elem(i).Value)
	}
}

// object calls each in the order of the names.
func (r *reader) object(at string, v ast.Value, most int, each func(string, ast.Value)) {
	o, ok := v.(ast.Object)
	if !ok || o.Len() > most {
		r.fault("%s is not an object of %d members at most", at, most)
		return
	}
	o.Foreach(func(key, value *ast.Term) {
		name, ok := key.Value.(ast.String)
		if !ok {
			r.fault("%s: a name that is not a text", at)
			return
		}
		each(string(name), value.Value)
	})
}

func (r *reader) header(name string, v ast.Value) {
	s, ok := v.(ast.String)
	switch {
	case !headerName.MatchString(name) || reserved.MatchString(name):
		r.fault("headers: a name that is not valid, or one of NATS, CloudEvents, tracing or the edge")
	case !ok || len(s) > 1024 || !headerValue.MatchString(string(s)):
		r.fault("headers.%s is not a text of printable ASCII, 1024 characters at most", name)
	}
	r.d.Headers = append(r.d.Headers, pipeline.Header{Name: name, Value: string(s)})
}

func (r *reader) target(at string, v ast.Value) pipeline.Target {
	var t pipeline.Target
	subject := false
	r.record(at, v, func(key string, v ast.Value) bool {
		switch key {
		case "subject":
			t.Subject, subject = r.address(at+".subject", v), true
		case "stream":
			t.Stream = r.matching(at+".stream", v, streamName)
		default:
			return false
		}
		return true
	})
	if !subject {
		r.fault("%s.subject is missing", at)
	}
	return t
}

func (r *reader) redaction(at string, v ast.Value) Redaction {
	x := Redaction{Action: Mask}
	r.record(at, v, func(key string, v ast.Value) bool {
		switch key {
		case "path":
			if x.Path = r.text(at+".path", v, 1, 256); !redactPath.MatchString(x.Path) {
				r.fault("%s.path does not begin with $ and a name or a bracket", at)
			}
		case "action":
			x.Action = r.text(at+".action", v, 0, 8)
			if x.Action != Drop && x.Action != Mask && x.Action != Hash {
				r.fault("%s.action is not one of drop, mask and hash", at)
			}
		default:
			return false
		}
		return true
	})
	if x.Path == "" {
		r.fault("%s.path is missing", at)
	}
	return x
}

func (r *reader) record(at string, v ast.Value, member func(string, ast.Value) bool) {
	r.object(at, v, 8, func(key string, v ast.Value) {
		if !member(key, v) {
			r.fault("%s: there is no member %.32q", at, key)
		}
	})
}

// address makes a NATS subject whose every token is escaped.
func (r *reader) address(at string, v ast.Value) string {
	var tokens []string
	if s, ok := v.(ast.String); ok {
		tokens = strings.Split(string(s), ".")
		if n := utf8.RuneCountInString(string(s)); n > 512 || len(tokens) > 16 || slices.Contains(tokens, "") {
			r.fault("%s is not a subject of up to 16 tokens with dots between them", at)
		}
	} else if a, ok := v.(*ast.Array); ok {
		r.list(at, a, 1, 16, func(at string, v ast.Value) { tokens = append(tokens, r.text(at, v, 1, 256)) })
	} else {
		r.fault("%s is neither a text nor an array of tokens", at)
	}
	for i, token := range tokens {
		tokens[i] = event.EscapeToken(token)
	}
	return strings.Join(tokens, ".")
}

package provider

import (
	"slices"
	"time"
)

// Provider is one row of the catalogue: plain data that can as well be written
// in YAML. Compile checks a row of one's own; Lookup returns compiled ones.
type Provider struct {
	Name  string `json:"name"`  // lower case, digits and hyphens: the configured name
	Title string `json:"title"` // for people
	Docs  string `json:"docs"`  // https URL of the page on signatures
	// Methods are those of deliveries; none means POST only.
	Methods []string `json:"methods,omitempty"`
	// Schemes are the ways to sign. The first is the default, the others are
	// explicit settings.
	Schemes []Scheme `json:"schemes"`
	// Facts says where a delivery names its event.
	Facts Locators `json:"facts"`
	// ContentTypes are the media types of deliveries, the usual one first.
	ContentTypes []string `json:"content_types"`
	// Format says what bodies are whatever their content type says, for
	// providers that send JSON as text/plain and the like; "" leaves it to the
	// content type.
	Format Format `json:"format,omitempty"`
	// Batch says how a delivery carries several events, nil where it never does.
	Batch *Batch `json:"batch,omitempty"`
	// Handshake is how the provider checks an endpoint, nil for none.
	Handshake *Handshake `json:"handshake,omitempty"`
	// Success is the answer that the provider wants for a delivery it need
	// not send again; zero for any 2xx.
	Success Answer `json:"success,omitzero"`
	// Status overrides HTTP statuses, keyed by the label of a pipeline code,
	// where the provider's rules ask for it.
	Status map[string]int `json:"status,omitempty"`
	// Timeout is how long the provider waits for an answer, 0 if unknown.
	Timeout time.Duration `json:"timeout,omitempty"`
	Retry   Retry         `json:"retry,omitzero"`
	// On429 is a sentence on what the provider does with a 429.
	On429 string `json:"on_429,omitempty"`
	// Ranges are the lists of addresses that the provider publishes.
	Ranges []RangeList `json:"ranges,omitempty"`
	// Sends are the headers beside the signature that a real delivery carries,
	// for Signer. Values may hold {event}, {id} and {time} (RFC 3339).
	Sends []Header `json:"sends,omitempty"`
	// Pitfalls are sentences for whoever sets the provider up.
	Pitfalls []string `json:"pitfalls,omitempty"`
	Source   string   `json:"source"`           // where the row's facts were checked
	Unsure   []string `json:"unsure,omitempty"` // what was not

	plan *plan // of Facts and Handshake, made by Compile
}

// Retry says what a provider does with a delivery that failed.
type Retry struct {
	Max  int           `json:"max,omitempty"`  // tries after the first; 0 for none or unknown, see Note
	Span time.Duration `json:"span,omitempty"` // from the first try to the last, 0 if unknown
	Note string        `json:"note,omitempty"`
}

// Locators say where facts stand. Each is a list of places, tried in order:
//
//	header:x-github-event   a header that is there exactly once
//	json:data.object.id     a scalar of the JSON body, as jsonscan compiles it
//	form:command            a field of a form-encoded body
type Locators struct {
	Type    []string `json:"type,omitempty"`
	Action  []string `json:"action,omitempty"`
	Split   Split    `json:"split,omitempty"` // how Type is parted where no Action was found
	ID      []string `json:"id,omitempty"`
	Time    []TimeAt `json:"time,omitempty"`
	Tenant  []string `json:"tenant,omitempty"`
	Subject []string `json:"subject,omitempty"`
	// FormJSON names the field that holds the JSON document when a delivery
	// is form-encoded; the json: places then read that document.
	FormJSON string `json:"form_json,omitempty"`
}

// TimeAt is a place with the unit of the time that stands there.
type TimeAt struct {
	At   string `json:"at"`
	Unit Unit   `json:"unit"`
}

// Split is a rule that parts an event name into type and action.
type Split string

// The rules. A name without the separator is a type without action.
const (
	SplitNone       Split = ""
	SplitLastDot    Split = "last-dot"    // charge.dispute.created: charge.dispute, created
	SplitFirstSlash Split = "first-slash" // orders/create: orders, create
	SplitLastColon  Split = "last-colon"  // repo:push: repo, push
)

// Unit is how a time is written.
type Unit string

// The units. Numbers are decimal digits only.
const (
	Seconds      Unit = "s"
	Milliseconds Unit = "ms"
	RFC3339      Unit = "rfc3339"
)

// Handshake is a request by which a provider checks that an endpoint is ours.
type Handshake struct {
	Method string `json:"method"` // of the request
	When   string `json:"when"`   // the place that marks one
	Is     string `json:"is"`     // the value that must stand there
	// Challenge is the place of the value to send back; it must be printable
	// ASCII of at most 256 bytes.
	Challenge string `json:"challenge,omitempty"`
	// Answer's body may hold {challenge}.
	Answer Answer `json:"answer"`
	// Unsigned says that the provider does not sign the request, so that it is
	// answered without a proof. A signed one is answered only after Verify.
	Unsigned bool `json:"unsigned,omitempty"`
}

// AllowedMethods returns the methods that the provider uses, never none.
func (p *Provider) AllowedMethods() []string {
	methods := slices.Clone(p.Methods)
	if len(methods) == 0 {
		methods = []string{"POST"}
	}
	if h := p.Handshake; h != nil && !slices.Contains(methods, h.Method) {
		methods = append(methods, h.Method)
	}
	return methods
}

// Scheme returns the scheme with the given name, the default for "".
func (p *Provider) Scheme(name string) (Scheme, bool) {
	for i := range p.Schemes {
		if name == "" || p.Schemes[i].Name == name {
			return p.Schemes[i], true
		}
	}
	return Scheme{}, false
}

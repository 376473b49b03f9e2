package spec

import (
	"slices"
	"time"
)

// Provider is one row of the catalogue: plain data. Compile checks a row;
// Lookup returns compiled ones; Custom makes one from a configuration.
type Provider struct {
	Name  string `json:"name"`  // lower case, digits and hyphens: the configured name
	Title string `json:"title"` // for people
	Docs  string `json:"docs"`  // https URL of the page on signatures
	// Methods are those of deliveries; none means POST only.
	Methods []string `json:"methods,omitempty"`
	// Schemes are the ways to sign. The first is the default, the others are
	// explicit settings.
	Schemes []Scheme `json:"schemes"`
	// Settings are what a user must or may say beside the secrets. One that
	// the chosen scheme refers to is required.
	Settings []Setting `json:"settings,omitempty"`
	// Facts says where a delivery names its event.
	Facts Locators `json:"facts"`
	// ContentTypes are the media types of deliveries, the usual one first. They say
	// what a sender writes, and nothing is decided by what it wrote.
	ContentTypes []string `json:"content_types"`
	// Forms are those that bodies have; none means those of ContentTypes. The signed
	// bytes decide which of them a body has, and no header, since none is signed.
	Forms []Format `json:"forms,omitempty"`
	// Charset is that of bodies which are not UTF-8, by its name in the WHATWG
	// Encoding Standard; "" where all are UTF-8. That of a header is not signed.
	Charset string `json:"charset,omitempty"`
	// DuplicateKeys says what becomes of JSON that has a name twice.
	DuplicateKeys DuplicateKeys `json:"duplicate_keys,omitempty"`
	// Bodyless says that deliveries come with an empty body, whatever content
	// type they name, and tell everything in their headers.
	Bodyless bool `json:"bodyless,omitempty"`
	// Batch says how a delivery carries several events, nil where it never does.
	Batch *Batch `json:"batch,omitempty"`
	// Identity says by what an event is known again.
	Identity Identity `json:"identity,omitzero"`
	// Types are what payloads of a type must have, for providers whose event name is
	// not signed.
	Types []TypeRule `json:"types,omitempty"`
	// Handshakes are how the provider checks an endpoint, tried in order.
	Handshakes []Handshake `json:"handshakes,omitempty"`
	// Success is the answer that the provider wants for a delivery it need
	// not send again; zero for any 2xx.
	Success Answer `json:"success,omitzero"`
	// Status overrides HTTP statuses, keyed by the label of a pipeline code,
	// where the provider's rules ask for it.
	Status map[string]int `json:"status,omitempty"`
	// BareRefusals says that the provider takes a refusal for right only where it has
	// no body at all.
	BareRefusals bool `json:"bare_refusals,omitempty"`
	// SETErrors says that a refusal of status 400 has the body of RFC 8935, section 2.3,
	// which transmitters of security event tokens read.
	SETErrors bool `json:"set_errors,omitempty"`
	// Timeout is how long the provider waits for an answer, 0 if unknown.
	Timeout time.Duration `json:"timeout,omitempty"`
	Retry   Retry         `json:"retry,omitzero"`
	// Cutoff says when the provider stops calling an endpoint; zero where it does not, or
	// does not say it in figures.
	Cutoff Cutoff `json:"cutoff,omitzero"`
	// On429 is a sentence on what the provider does with a 429.
	On429 string `json:"on_429,omitempty"`
	// Ranges are the lists of addresses that the provider publishes.
	Ranges []RangeList `json:"ranges,omitempty"`
	// Sends are the headers beside the signature that a real delivery carries,
	// for Signer. Values may hold {event}, {id}, {time} (RFC 3339)
	// and {unix} (seconds since 1970).
	Sends []Header `json:"sends,omitempty"`
	// Together are headers that a delivery has all of or none of, such as those of a
	// CloudEvent in binary mode.
	Together []string `json:"together,omitempty"`
	// Pitfalls are sentences for whoever sets the provider up.
	Pitfalls []string `json:"pitfalls,omitempty"`
	Source   string   `json:"source"`           // where the row's facts were checked
	Unsure   []string `json:"unsure,omitempty"` // what was not

	// Custom says that the row is a user's own, which may have weak schemes only.
	Custom bool `json:"-"`
}

// Retry says what a provider does with a delivery that failed.
type Retry struct {
	Max  int           `json:"max,omitempty"`  // tries after the first; 0 for none or unknown, see Note
	Span time.Duration `json:"span,omitempty"` // from the first try to the last, 0 if unknown
	Note string        `json:"note,omitempty"`
	// Time is a sentence on the signed time of a late try: why a tolerance that is
	// shorter than the retries, or than what is known of them, refuses none, or why it
	// is as long as they are.
	Time string `json:"time,omitempty"`
}

// Cutoff is how much may fail until a provider switches an endpoint off: Failures in a
// row, within Span where that is set; or Percent of the deliveries of Span; or everything
// for Span.
type Cutoff struct {
	Failures int           `json:"failures,omitempty"`
	Percent  int           `json:"percent,omitempty"`
	Span     time.Duration `json:"span,omitempty"`
}

// Setting is a value beside the secrets that a row needs of its user.
type Setting struct {
	Name string `json:"name" format:"word" required:"true" maxlen:"64" doc:"Name of the setting, in lower case, digits and _."`
	Doc  string `json:"doc" maxlen:"512" doc:"A sentence: what it is and where the sender shows it."`
	// Secret values are never shown.
	Secret bool `json:"secret,omitempty" doc:"Its value is never shown."`
	// Pins says that the provider signs for all its customers with one key, and
	// that this setting tells what is ours: without it anybody who is a customer
	// could send. So a route needs it, even where it is Optional for looking at a
	// single delivery.
	Pins bool `json:"pins,omitempty" doc:"The sender signs for all its customers with one key, and this setting tells what is ours, so that a route needs it."`
	// Default is used where nothing is set; without one the setting must be
	// set for what refers to it.
	Default string `json:"default,omitempty" maxlen:"1024" doc:"The value where none is set."`
	// Optional settings may be unset, and what refers to them is then not asked
	// for: an issuer, a claim, or an expectation.
	Optional bool `json:"optional,omitempty" doc:"It may be unset, and what refers to it is then not asked for."`
	// Example is a value in the right form, for docs and samples.
	Example string `json:"example,omitempty" maxlen:"1024" doc:"A value in the right form."`
}

// DeliveryMethods returns the methods of deliveries, never none.
func (p *Provider) DeliveryMethods() []string {
	if len(p.Methods) == 0 {
		return []string{"POST"}
	}
	return p.Methods
}

// AllowedMethods returns the methods that the provider uses, never none.
func (p *Provider) AllowedMethods() []string {
	methods := slices.Clone(p.DeliveryMethods())
	for i := range p.Handshakes {
		if m := p.Handshakes[i].Method; !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	return methods
}

// Delivers reports whether deliveries may have the method; handshakes may have
// others.
func (p *Provider) Delivers(method string) bool {
	return slices.Contains(p.DeliveryMethods(), method)
}

// Shakes reports whether handshakes that the provider signs may have the method.
func (p *Provider) Shakes(method string) bool {
	return slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return h.Method == method && !h.Unsigned })
}

// Separator returns what stands between the levels of the row's event names, "" for nothing.
func (p *Provider) Separator() string {
	if own := p.Facts.Separator(); own != "" || p.Batch == nil {
		return own
	}
	return p.Batch.Facts.Separator()
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

package provider

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
	// Together are headers that a delivery has all of or none of, such as those of a
	// CloudEvent in binary mode.
	Together []string `json:"together,omitempty"`
	// Pitfalls are sentences for whoever sets the provider up.
	Pitfalls []string `json:"pitfalls,omitempty"`
	Source   string   `json:"source"`           // where the row's facts were checked
	Unsure   []string `json:"unsure,omitempty"` // what was not

	// Custom says that the row is a user's own, which may have weak schemes only.
	Custom bool `json:"-"`

	plan *plan // of Facts and Handshakes, made by Compile
}

// Retry says what a provider does with a delivery that failed.
type Retry struct {
	Max  int           `json:"max,omitempty"`  // tries after the first; 0 for none or unknown, see Note
	Span time.Duration `json:"span,omitempty"` // from the first try to the last, 0 if unknown
	Note string        `json:"note,omitempty"`
}

// Setting is a value beside the secrets that a row needs of its user.
type Setting struct {
	Name string `json:"name" required:"true" maxlen:"64" doc:"Name of the setting, in lower case, digits and _."`
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

// Locators say where facts stand. Each is a list of places, tried in order:
//
//	header:x-github-event   a header that is there exactly once
//	query:event             a parameter of the URL that is there exactly once
//	json:data.object.id     a scalar of the JSON body, as jsonscan compiles it
//	member:edited_message   the last name of a JSON path, where anything stands there
//	member:follow_events.0  the name of a list that has an item
//	form:command            a field of a form-encoded body
//	text:message            the text behind the colon, where no place has any
//
// An id may be made of several places, "json:call.id + json:event", all of which
// must hold something; their texts are joined by colons.
type Locators struct {
	Type    []string `json:"type,omitempty" maxlen:"8" doc:"Places of the event name, tried in order: header:, query:, json:, member: or form: and a name, or text: and the name itself."`
	Action  []string `json:"action,omitempty" maxlen:"8" doc:"Places of the action of an event, tried in order."`
	Split   Split    `json:"split,omitempty" doc:"How an event name is parted into type and action where no place has an action."`
	ID      []string `json:"id,omitempty" maxlen:"8" doc:"Places of the delivery or event id, which must be the same when the sender tries again; an id of several places has blanks and a plus between them."`
	Time    []TimeAt `json:"time,omitempty" maxlen:"8" doc:"Places of the time when it happened, tried in order."`
	Tenant  []string `json:"tenant,omitempty" maxlen:"8" doc:"Places of the account that the event belongs to, tried in order."`
	Subject []string `json:"subject,omitempty" maxlen:"8" doc:"Places of the resource that the event is about, tried in order."`
	// FormJSON names the field that holds the JSON document when a delivery
	// is form-encoded; the json: places then read that document.
	FormJSON string `json:"form_json,omitempty" maxlen:"256" doc:"Field that holds the JSON document when a delivery is form-encoded."`
	// FormXML names the field that holds an XML document in base64 when a delivery
	// is form-encoded. In an event it is the JSON that its rules make of it, and
	// json: places read the whole form, "json:bt_payload.notification.kind".
	FormXML string `json:"form_xml,omitempty" maxlen:"256" doc:"Field that holds an XML document in base64 when a delivery is form-encoded."`
}

// TimeAt is a place with the unit of the time that stands there.
type TimeAt struct {
	At   string `json:"at" required:"true" maxlen:"256" doc:"Place of the time."`
	Unit Unit   `json:"unit" required:"true" doc:"Unit of the time."`
}

// Handshake is a request by which a provider checks that an endpoint is ours.
type Handshake struct {
	Method string `json:"method" required:"true" maxlen:"16" doc:"Method of the request."`
	// When is the place that marks one. It may be empty for HEAD, GET and
	// OPTIONS where the row has no deliveries of that method.
	When string `json:"when,omitempty" maxlen:"256" doc:"Place that marks the request; may be empty where no delivery has the method."`
	// Is is the value that must stand there; empty for any.
	Is string `json:"is,omitempty" maxlen:"256" doc:"Value that must stand there, any if empty."`
	// Without is a place that must be empty, such as the signature's.
	Without string `json:"without,omitempty" maxlen:"256" doc:"Place that must be empty."`
	// Token is the place of a value that must equal the setting TokenSetting;
	// without the setting the request is refused, unless the setting is optional.
	Token        string `json:"token,omitempty" maxlen:"256" doc:"Place of a token that must equal a setting."`
	TokenSetting string `json:"token_setting,omitempty" maxlen:"64" doc:"Name of the setting that the token must equal."`
	// Challenge is the place of the value to send back; it must be printable
	// ASCII of at most 1024 bytes.
	Challenge string `json:"challenge,omitempty" maxlen:"256" doc:"Place of the value to send back."`
	// Response makes {response} of the answer from the challenge.
	Response Response `json:"response,omitzero" doc:"How the answer's {response} is made from the challenge."`
	// Answer's body and headers may hold {challenge}, {response} and
	// {setting:name}, the first two also as {challenge|json}, quoted.
	Answer Answer `json:"answer" doc:"The answer, whose body and headers may hold {challenge} and {response}."`
	// Grants are headers of the answer that are there only where the request asks for
	// what they tell.
	Grants []Grant `json:"grants,omitempty" maxlen:"4" doc:"Headers of the answer that are there only where the request asks for them."`
	// Unsigned says that the provider does not sign the request, so that it is
	// answered without a proof. A signed one is answered only after Verify.
	Unsigned bool `json:"unsigned,omitempty" doc:"Answer the request without a proof, because the provider does not sign it."`
	// Setup says that the challenge is a secret which the provider hands over.
	// Such a request is answered only while the setting setup is on.
	Setup bool `json:"setup,omitempty" doc:"The challenge is a secret that is handed over: answer only while setup is on."`
	// Confirm is the place of a URL that must be called to confirm; its host
	// must be one of those of ConfirmHosts, as in Remote.
	Confirm      string   `json:"confirm,omitempty" maxlen:"256" doc:"Place of a URL that must be called to confirm, which is done while setup is on."`
	ConfirmHosts []string `json:"confirm_hosts,omitempty" maxlen:"8" doc:"Hosts that the URL may have; a * stands for one label."`
}

// Grant is a header of an answer to a request that asks for a number, such as a rate:
// the number that is asked for, or * where that is no positive whole number.
type Grant struct {
	At   string `json:"at" required:"true" maxlen:"256" doc:"Place of the number that the sender asks for."`
	Name string `json:"name" required:"true" maxlen:"128" doc:"Name of the header, in lower case, that grants it."`
}

// Response is a signature over a challenge. Its kind is HMAC, with the newest
// secret as the key, or Digest.
type Response struct {
	Kind     Kind     `json:"kind,omitempty" doc:"The kind hmac or digest."`
	Hash     Hash     `json:"hash,omitempty" doc:"Hash of the response."`
	Encoding Encoding `json:"encoding,omitempty" doc:"How the response is written."`
	Content  string   `json:"content,omitempty" maxlen:"512" doc:"What is hashed: {challenge}, {setting:x} and {url} between literal text."`
	// HexChallenge takes only challenges of 20 to 32 hexadecimal digits. It is
	// needed where the signed text of a delivery is a token, too, so that whoever
	// chooses the challenge could have a delivery signed.
	HexChallenge bool `json:"hex_challenge,omitempty" doc:"Take only challenges of 20 to 32 hexadecimal digits."`
}

// AllowedMethods returns the methods that the provider uses, never none.
func (p *Provider) AllowedMethods() []string {
	methods := slices.Clone(p.Methods)
	if len(methods) == 0 {
		methods = []string{"POST"}
	}
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
	return slices.Contains(p.Methods, method) || len(p.Methods) == 0 && method == "POST"
}

// Shakes reports whether handshakes that the provider signs may have the method.
func (p *Provider) Shakes(method string) bool {
	return slices.ContainsFunc(p.Handshakes, func(h Handshake) bool { return h.Method == method && !h.Unsigned })
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

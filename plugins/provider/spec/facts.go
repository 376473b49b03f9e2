package spec

import "strings"

// Locators say where facts stand. Each is a list of places, tried in order:
//
//	header:x-github-event   a header that is there exactly once
//	query:event             a parameter of the URL that is there exactly once
//	json:data.object.id     a scalar of the JSON body, as jsonscan compiles it
//	member:edited_message   the last name of a JSON path, where anything stands there
//	member:follow_events.0  the name of a list that has an item
//	form:command            a field of a form-encoded body
//	name:events             the name of the only member of an object
//	nested:data/json:a           a place of the JSON that the text there is
//	base64:message.data/json:a   a place of the JSON that stands there in base64
//	token:payload/json:a         a place of the claims of the JWT that stands there
//	text:message            the text behind the colon, where no place has any
//
// An id may be made of several places, "json:call.id + json:event", all of which
// must hold something; their texts are joined by colons. In all ids of such a row a
// colon of the text is %3A and a percent sign %25, so that the parts stay apart.
type Locators struct {
	Type    []string `json:"type,omitempty" format:"place" maxlen:"8" doc:"Places of the event name, tried in order: header:, query:, json:, member: or form: and a name, or text: and the name itself."`
	Action  []string `json:"action,omitempty" format:"place" maxlen:"8" doc:"Places of the action of an event, tried in order."`
	Split   Split    `json:"split,omitempty" doc:"How an event name is parted into type and action where no place has an action."`
	Levels  Levels   `json:"levels,omitempty" doc:"What stands between the levels of an event name, which become levels of the NATS subject: dot, slash, colon, hash or none; what split parts at if empty."`
	ID      []string `json:"id,omitempty" format:"place" maxlen:"8" doc:"Places of the delivery or event id, which must be the same when the sender tries again; an id of several places has blanks and a plus between them."`
	Time    []TimeAt `json:"time,omitempty" maxlen:"8" doc:"Places of the time when it happened, tried in order."`
	Tenant  []string `json:"tenant,omitempty" format:"place" maxlen:"8" doc:"Places of the account that the event belongs to, tried in order."`
	Subject []string `json:"subject,omitempty" format:"place" maxlen:"8" doc:"Places of the resource that the event is about, tried in order."`
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
	At   string `json:"at" format:"place" required:"true" maxlen:"256" doc:"Place of the time."`
	Unit Unit   `json:"unit" required:"true" doc:"Unit of the time."`
}

// Batch says how a delivery carries several events: as a JSON list, at the top
// of the body or inside of an object. A form's FormJSON document counts as the
// body.
type Batch struct {
	// At is the path of the list as jsonscan compiles it, "notificationItems";
	// "" where the body itself is the list. A body that has no list there is
	// one event.
	At string `json:"at,omitempty" maxlen:"256" doc:"Path of the list in the JSON body, empty where the body itself is the list."`
	// Also are paths of further lists, each of whose items is an event, too.
	Also []string `json:"also,omitempty" maxlen:"16" doc:"Paths of further lists, whose items are events, too."`
	// Within are the lists that items hold, level by level: the paths of one level are
	// relative to an item of the level before. An item without such a list is an
	// event itself; of one with several every item of each is.
	Within []Level `json:"within,omitempty" maxlen:"4" doc:"Lists that the items hold, level by level."`
	// Unless is the place of a header that marks a delivery of one event whose
	// payload may itself be a list; "" where there are none.
	Unless string `json:"unless,omitempty" format:"place" maxlen:"256" doc:"Place of a header that marks a delivery of one event whose payload may itself be a list."`
	// Facts says where an item names its event. json: places are relative to
	// the item of the first level, whose lists then have one item each, header: and
	// query: places read the delivery, form: places are not possible. A fact that an
	// item lacks is the delivery's own, but for the id: without one of its own an
	// item's id is made of the delivery's id and its position.
	Facts Locators `json:"facts" doc:"Where an item names its event; json: places are relative to the item."`
	// Keep says that the list is one event by default and not an event an item.
	Keep bool `json:"keep,omitempty" doc:"The list is one event by default and not an event an item."`
}

// Level is the lists that may stand in an item.
type Level struct {
	Lists []string `json:"lists" required:"true" maxlen:"4" doc:"Paths of the lists, relative to an item of the level before."`
}

// Paths returns the paths of the lists of each level, the first level's first.
func (b *Batch) Paths() [][]string {
	all := [][]string{append([]string{b.At}, b.Also...)}
	for _, level := range b.Within {
		all = append(all, level.Lists)
	}
	return all
}

// Has reports whether a delivery with the headers h may carry a list of events.
func (b *Batch) Has(h interface {
	Get(name string) (value string, n int)
}) bool {
	name, marked := strings.CutPrefix(b.Unless, "header:")
	if !marked {
		return true
	}
	_, n := h.Get(name)
	return n == 0
}

// Identity says by what an event is known again when its provider tries again, and
// told from every other event. Without a place in Facts.ID, an event is known by
// what was signed, its type and its tenant.
type Identity struct {
	// Scope is within what an id of Facts.ID is unique. The zero value is ScopeGlobal.
	Scope Scope `json:"scope,omitempty" doc:"Within what an id is unique: global, tenant (the account, shop, instance or source that facts.tenant names) or route; global if empty."`
	// Content says that the provider never sends one content for two events, so that
	// the digest of what was signed, with the type, is the identity, whatever an id
	// says that nobody signed: a captured delivery cannot be stored under a new id.
	Content bool `json:"content,omitempty" doc:"Two events never have the same signed content and type, so that those are the identity, whatever an unsigned id says."`
	// None says that deliveries without an id of Facts.ID are pings: two with the same
	// content are two events, and nothing tells a provider's next try from another
	// ping.
	None bool `json:"none,omitempty" doc:"Deliveries without an id are pings without an identity, each an event of its own."`
	// Volatile are the paths of members that change when the provider tries again,
	// such as a counter of attempts; a * stands for each element of a list. They count
	// neither for a digest nor when a delivery is compared with a stored event.
	Volatile []string `json:"volatile,omitempty" maxlen:"8" doc:"Paths of members of the JSON body that change when the sender tries again, such as a counter of attempts; * stands for each element of a list."`
	// Why is a sentence: where the provider says so.
	Why string `json:"why,omitempty" maxlen:"512" doc:"A sentence: how the sender makes ids."`
}

// Scope is within what an id is unique.
type Scope string

// The scopes.
const (
	ScopeGlobal Scope = "global" // at the provider
	ScopeTenant Scope = "tenant" // in the account, shop, instance or source that Facts.Tenant names
	ScopeRoute  Scope = "route"  // at one endpoint
)

// Enum returns the scopes.
func (Scope) Enum() []string {
	return texts(ScopeGlobal, ScopeTenant, ScopeRoute)
}

// TypeRules returns a rule for each name, with has and lacks alike.
func TypeRules(names, has, lacks []string) []TypeRule {
	rules := make([]TypeRule, len(names))
	for i, name := range names {
		rules[i] = TypeRule{Type: name, Has: has, Lacks: lacks}
	}
	return rules
}

// TypeRule says what payloads of a type must have. It is asked only where the type
// stands in a place that the signature does not cover. A type without a rule passes.
type TypeRule struct {
	// Type is the event name as its place has it, with the action where that is a
	// part of the name: orders/create.
	Type string `json:"type" required:"true" maxlen:"256" doc:"Event name as its place has it."`
	// Has are paths of the JSON payload at which something but null must stand.
	Has []string `json:"has,omitempty" maxlen:"8" doc:"Paths of the JSON body at which something but null must stand."`
	// Lacks are paths at which nothing but null may stand, because another type has
	// it there.
	Lacks []string `json:"lacks,omitempty" maxlen:"8" doc:"Paths of the JSON body at which nothing but null may stand."`
}

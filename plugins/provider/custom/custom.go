// Package custom reads a row that is a user's own, beside those of the catalogue.
package custom

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// Provider is a row of a user's own, as a kong.yml has it. It says what a row of
// the catalogue says, but for what only people read.
type Provider struct {
	Name          string             `json:"name" format:"sender" required:"true" maxlen:"63" doc:"Name of the sender in events and subjects: lower case, digits and hyphens, and none of the catalogue's."`
	Methods       []string           `json:"methods,omitempty" format:"method" maxlen:"8" doc:"Methods of deliveries; POST if empty."`
	Schemes       []spec.Scheme      `json:"schemes" required:"true" minlen:"1" maxlen:"4" doc:"The ways to sign. The first is the default, unless it is weak; the others are used when verify.scheme names them."`
	Settings      []spec.Setting     `json:"settings,omitempty" maxlen:"16" doc:"What verify.settings may or must hold; {setting:x} stands for it in a scheme."`
	Facts         spec.Locators      `json:"facts" doc:"Where a delivery names its event."`
	ContentTypes  []string           `json:"content_types,omitempty" format:"media" maxlen:"8" doc:"Media types of deliveries, the usual one first; application/json if empty."`
	Forms         []spec.Format      `json:"forms,omitempty" maxlen:"7" doc:"What bodies are; what content_types say if empty. Of several, the bytes of a body say which it is, and never a header, since none is signed."`
	Format        spec.Format        `json:"format,omitempty" doc:"The only form of bodies, in place of forms."`
	Charset       string             `json:"charset,omitempty" format:"charset" maxlen:"32" doc:"Charset of bodies that are not UTF-8, such as iso-8859-1."`
	DuplicateKeys spec.DuplicateKeys `json:"duplicate_keys,omitempty" doc:"What becomes of JSON that has a name twice in an object: refuse the delivery, which is the default, or read and keep the last."`
	Batch         *spec.Batch        `json:"batch,omitempty" doc:"How a delivery carries several events."`
	Identity      spec.Identity      `json:"identity" doc:"By what an event is known again when the sender tries again."`
	Types         []spec.TypeRule    `json:"types,omitempty" maxlen:"128" doc:"What payloads of a type must have, where the event name is not signed."`
	Handshakes    []spec.Handshake   `json:"handshakes,omitempty" maxlen:"4" doc:"How the sender checks an endpoint, tried in order."`
	Success       spec.Answer        `json:"success" doc:"The answer to a delivery that need not be sent again."`

	Status map[string]int `json:"status,omitempty" maxlen:"16" doc:"Other HTTP statuses, by the label of an answer's code, such as signature_invalid."`

	BareRefusals bool `json:"bare_refusals,omitempty" doc:"Answer refusals without a body and a content type, for senders that want none."`
	SETErrors    bool `json:"set_errors,omitempty" doc:"Answer refusals of status 400 with the body of RFC 8935, for transmitters of security event tokens."`
}

// KongChecks are the rules across the fields: without a place of its type an event has no
// subject.
func (Provider) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{AtLeastOneOf: []string{"facts.type", "batch"}}}
}

// Row returns the row that c says, compiled. The error is provider.ErrRow and names what is
// wrong, and what cannot be safe.
func (c *Provider) Row() (*provider.Provider, error) {
	row := spec.Provider{
		Name: c.Name, Title: c.Name, Methods: c.Methods, Schemes: c.Schemes, Settings: c.Settings, Facts: c.Facts,
		ContentTypes: c.ContentTypes, Forms: c.Forms, Charset: c.Charset, DuplicateKeys: c.DuplicateKeys, Batch: c.Batch, Identity: c.Identity, Types: c.Types, Handshakes: c.Handshakes, Success: c.Success, Status: c.Status, BareRefusals: c.BareRefusals, SETErrors: c.SETErrors,
		Custom: true,
	}
	if c.Format != "" {
		row.Forms = append([]spec.Format{c.Format}, c.Forms...)
	}
	if len(row.ContentTypes) == 0 {
		row.ContentTypes = []string{"application/json"}
	}
	p, err := provider.New(row)
	if err != nil {
		return p, fmt.Errorf("schemes: %w", err)
	}
	var errs []error
	for _, line := range p.Unsafe() {
		path, why, _ := strings.Cut(line, ": ")
		errs = append(errs, fmt.Errorf("%s: %w: %s", path, provider.ErrRow, why))
	}
	return p, errors.Join(errs...)
}

// Validate says everything that is wrong with c and that no schema can say.
func (c *Provider) Validate() error {
	var errs []error
	if !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString(c.Name) {
		errs = append(errs, fmt.Errorf("name: %w: it must be lower case, digits and single hyphens", provider.ErrRow))
	}
	if slices.Contains(catalogue.Names(), c.Name) {
		errs = append(errs, fmt.Errorf("name: %w: the catalogue has a provider of that name", provider.ErrRow))
	}
	var seen []string
	for i := range c.Schemes {
		name := c.Schemes[i].Name
		if name == "" || slices.Contains(seen, name) {
			errs = append(errs, fmt.Errorf("schemes[%d].name: %w: it is empty or there twice", i, provider.ErrRow))
		}
		seen = append(seen, name)
	}
	if len(c.Facts.Type) == 0 && (c.Batch == nil || len(c.Batch.Facts.Type) == 0) {
		errs = append(errs, fmt.Errorf("facts: %w: it has no place of the event's type, which may be text:event", provider.ErrRow))
	}
	_, err := c.Row()
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		errs = append(errs, joined.Unwrap()...)
	} else if err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

package ratelimit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ulule/limiter/v3"

	"webhookedge/plugins/internal/pipeline"
)

type by uint8

const (
	byClientIP by = iota
	byClientNet
	byRoute
	byProvider
	byHeader
	byTenant
	byEventType
	byCount
)

// String returns the setting and the metric's label.
func (b by) String() string {
	return [byCount]string{"client_ip", "client_net", "route", "provider", "header", "tenant", "event_type"}[b]
}

// late reports whether b is known only once there are events.
func (b by) late() bool { return b == byTenant || b == byEventType }

// free reports whether an unproved sender chooses the value, so that they are unbounded.
func (b by) free() bool { return b == byClientIP || b == byClientNet || b == byHeader }

// parseBy reads a setting; header is the name of a header: in lower case.
func parseBy(text string) (b by, header string, err error) {
	if name, ok := strings.CutPrefix(text, "header:"); ok {
		name = strings.ToLower(name)
		if name == "" || len(name) > 64 || !plain(name) {
			return 0, "", fmt.Errorf("%w: header: must be followed by the name of a header", ErrConfig)
		}
		return byHeader, name, nil
	}
	for b := range byCount {
		if b != byHeader && b.String() == text {
			return b, "", nil
		}
	}
	return 0, "", fmt.Errorf("%w: it must be client_ip, client_net, route, provider, tenant, event_type or header:<name>", ErrConfig)
}

type rule struct {
	by     by
	header string
	rate   limiter.Rate
	burst  int64
}

// policy is one kind of window of a rule.
type policy struct {
	rule *rule
	rate limiter.Rate
	name string // for headers
	text string // its item of RateLimit-Policy
	part string // its part of a key
}

// window is one count of one delivery.
type window struct {
	key    string
	rate   limiter.Rate
	policy *policy
}

// policies are the windows of the rules of one phase.
func policies(rules []rule, late bool) []policy {
	var all []policy
	times := map[string]int{} // a name is used
	for i := range rules {
		r := &rules[i]
		if r.by.late() != late {
			continue
		}
		for n, rate := range r.windows() {
			name := r.by.String()
			if r.by == byHeader {
				name += "-" + r.header
			}
			part := ":" + name + ":" + strconv.FormatInt(seconds(rate.Period), 10) + ":"
			if n > 0 {
				name += "-average"
			}
			times[name]++
			all = append(all, policy{rule: r, rate: rate, name: name, part: part})
		}
	}
	for i := range all {
		p := &all[i]
		if times[p.name] > 1 { // limits by the same over several periods
			p.name += "-" + strconv.FormatInt(seconds(p.rate.Period), 10) + "s"
		}
		p.text = fmt.Sprintf("%q;q=%d;w=%d", p.name, p.rate.Limit, seconds(p.rate.Period))
	}
	return all
}

// maxValues bounds the counted tenants or types of a batch, which only proved senders make.
const maxValues = 256

// windows are the counts of d for ps. An unknown address is an error: in one count for all,
// they would shut each other out.
func (s *Stage) windows(d *pipeline.Delivery, ps []policy, dst []window) ([]window, error) {
	all, route := s.scopes(d)
	for i := range ps {
		p := &ps[i]
		if p.rule.by.late() {
			for _, value := range values(d, p.rule.by) {
				dst = append(dst, window{key: route + p.part + safe(value), rate: p.rate, policy: p})
			}
			continue
		}
		scope := route
		if p.rule.by == byProvider {
			scope = all
		}
		value, err := s.value(d, p.rule)
		if err != nil {
			return nil, err
		}
		dst = append(dst, window{key: scope + p.part + value, rate: p.rate, policy: p})
	}
	return dst, nil
}

// scopes are the beginnings of d's keys: all is the provider's or the group's, route the
// route's or the group's. The braces around their common part put all counts of a delivery
// into one slot of a Redis Cluster, for one round trip.
func (s *Stage) scopes(d *pipeline.Delivery) (all, route string) {
	if s.grouped {
		return s.scope, s.scope
	}
	return s.scope, s.scope + ":" + safe(d.Route)
}

// value is what d is counted under; a route is a scope by itself.
func (s *Stage) value(d *pipeline.Delivery, r *rule) (string, error) {
	switch r.by {
	case byClientIP, byClientNet:
		return address(d.ClientIP, r.by == byClientNet)
	case byRoute:
		return "", nil
	case byProvider:
		return s.provider, nil
	default:
		value, _ := d.Headers.Get(r.header)
		return safe(value), nil
	}
}

// address is an address, or its network: /24 of IPv4, /64 of IPv6, a customer's size.
func address(addr netip.Addr, network bool) (string, error) {
	if !addr.IsValid() || addr.Zone() != "" {
		return "", ErrUnknownAddress
	}
	addr = addr.Unmap()
	if !network {
		return addr.String(), nil
	}
	bits := 24
	if addr.Is6() {
		bits = 64
	}
	p, err := addr.Prefix(bits)
	return p.String(), err
}

// values are the distinct tenants or types of d's events.
func values(d *pipeline.Delivery, b by) []string {
	var all []string
	for i := range d.Items {
		e := d.Items[i].Event
		if e == nil {
			continue
		}
		value := e.Tenant
		if b == byEventType {
			value = e.Type
			if e.Action != "" {
				value += "." + e.Action
			}
		}
		if len(all) < maxValues && !slices.Contains(all, value) {
			all = append(all, value)
		}
	}
	return all
}

// safe makes a part of a key: short plain values as they are, others hashed, so that no value
// equals another, opens a slot of its own or fills the store.
func safe(value string) string {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	}
	if len(value) <= 64 && !strings.ContainsFunc(value, odd) {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return "~" + hex.EncodeToString(sum[:16])
}

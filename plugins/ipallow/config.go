package ipallow

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// The values of Config.Mode.
const (
	ModeEnforce = "enforce"
	ModeObserve = "observe"
)

// Config is the stage's part of a plugin's configuration.
type Config struct {
	Mode           string       `json:"mode" enum:"enforce,observe" default:"enforce" doc:"What follows a delivery from elsewhere: enforce refuses it; observe lets it pass, counts it and logs what would have been refused."`
	Allow          []string     `json:"allow" format:"network" maxlen:"10000" doc:"Addresses and networks (CIDR) that may deliver, IPv4 and IPv6."`
	Deny           []string     `json:"deny" format:"network" maxlen:"10000" doc:"Addresses and networks (CIDR) that may not, even where another setting allows them. Alone, everybody else may."`
	ProviderRanges bool         `json:"provider_ranges" default:"false" doc:"Also allow the addresses that the provider publishes. Only for providers that publish a list; see the table in the stage's README."`
	Ranges         RangesConfig `json:"ranges" doc:"How published lists are kept up to date, with provider_ranges."`
}

// RangesConfig says how published lists are refreshed.
type RangesConfig struct {
	Refresh    bool   `json:"refresh" default:"true" doc:"Fetch the lists anew in the background. Off, the lists that came with the plugin are used, or newer ones in dir."`
	EveryHours int    `json:"every_hours" default:"24" min:"1" max:"720" doc:"Hours between two fetches of a list, a tenth more or less."`
	Dir        string `json:"dir" format:"absolute" default:"/usr/local/kong/webhook-ranges" minlen:"1" maxlen:"4096" doc:"Folder for the last good lists, so that a restart does not fall back to older ones. Made if it is missing; it must be writable by the user that Kong runs as, and by nobody who is not trusted."`
	Mirror     string `json:"mirror" format:"mirror" maxlen:"2048" doc:"URL of a mirror of one's own to fetch from instead of the publishers, for gateways without a way out: the name of the list is appended to it. https, or http on loopback."`
}

// ErrConfig means that a configuration cannot be used. Each line of the error
// starts with the path of a field.
var ErrConfig = errors.New("cannot be used")

// Enabled reports whether c restricts anything.
func (c *Config) Enabled() bool {
	return len(c.Allow) > 0 || len(c.Deny) > 0 || c.ProviderRanges
}

// Validate reports what the tags cannot say, each fault after the path of its
// field.
func (c *Config) Validate() error {
	_, allow := prefixes("allow", c.Allow)
	_, deny := prefixes("deny", c.Deny)
	return errors.Join(allow, deny, c.Ranges.check())
}

// Check reports everything that keeps New from making a stage of c for row, but for lists
// that nobody has fetched yet.
func (c *Config) Check(row *provider.Provider) error {
	err := c.Validate()
	if !c.Enabled() {
		err = errors.Join(err, fmt.Errorf("allow: %w: without allow, deny and provider_ranges nothing is restricted", ErrConfig))
	}
	if c.ProviderRanges && len(row.Ranges) == 0 {
		err = errors.Join(err, fmt.Errorf("provider_ranges: %w: %s publishes no list that is in the catalogue", ErrConfig, row.Name))
	}
	return err
}

func prefixes(field string, texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	var faults []error
	for i, text := range texts {
		p, err := parsePrefix(text, true)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s[%d]: %w", field, i, err))
		}
		all = append(all, p)
	}
	return all, errors.Join(faults...)
}

func (r *RangesConfig) check() error {
	var dir, mirror error
	if r.Dir != "" && !filepath.IsAbs(r.Dir) {
		dir = fmt.Errorf("ranges.dir: %w: it must be an absolute path", ErrConfig)
	}
	u, err := url.Parse(r.Mirror)
	fine := err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" &&
		(u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
	if r.Mirror != "" && !fine {
		mirror = fmt.Errorf("ranges.mirror: %w: it must be an https URL, or http on loopback, without user, query and fragment", ErrConfig)
	}
	return errors.Join(dir, mirror)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// source is where a list is fetched from, "" where it is not.
func (r *RangesConfig) source(row *spec.RangeList) string {
	switch {
	case !r.Refresh || row.URL == "":
		return ""
	case r.Mirror != "":
		return strings.TrimSuffix(r.Mirror, "/") + "/" + row.Name
	}
	return row.URL
}

func (r *RangesConfig) interval() time.Duration { return time.Duration(r.EveryHours) * time.Hour }

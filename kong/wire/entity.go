package wire

// Route is a route as a plugin sees it. Times are Unix seconds.
type Route struct {
	ID, Name                string
	CreatedAt, UpdatedAt    int64
	Protocols               []string
	Methods, Hosts, Paths   []string
	HTTPSRedirectStatusCode int
	RegexPriority           int
	StripPath, PreserveHost bool
	SNIs                    []string
	Tags                    []string
	ServiceID               string // empty for a route without a service
}

// Service is a service as a plugin sees it. Times are Unix seconds, time-outs
// milliseconds.
type Service struct {
	ID, Name                                  string
	CreatedAt, UpdatedAt                      int64
	Protocol, Host, Path                      string
	Port, Retries                             int
	ConnectTimeout, WriteTimeout, ReadTimeout int
	Tags                                      []string
}

// AppendRoute appends r. Kong's order is that of a Lua table, so it means
// nothing; this one is the order that Kong 3.9.3 was seen to use. Headers are
// left out: Kong's table of them does not fit the message's list of strings.
func AppendRoute(dst []byte, r *Route) []byte {
	dst = appendTexts(dst, 5, r.Protocols)
	if r.ServiceID != "" {
		dst = AppendNested(dst, 18, func(b []byte) []byte { return appendText(b, 1, r.ServiceID) })
	}
	dst = appendInt(dst, 10, r.HTTPSRedirectStatusCode)
	dst = appendTexts(dst, 17, r.Tags)
	dst = appendTexts(dst, 6, r.Methods)
	dst = appendTexts(dst, 7, r.Hosts)
	dst = appendTexts(dst, 14, r.SNIs)
	dst = appendTexts(dst, 8, r.Paths)
	dst = appendText(dst, 1, r.ID)
	dst = appendInt(dst, 2, r.CreatedAt)
	dst = appendInt(dst, 3, r.UpdatedAt)
	dst = appendText(dst, 4, r.Name)
	dst = appendInt(dst, 11, r.RegexPriority)
	dst = appendBool(dst, 12, r.StripPath)
	return appendBool(dst, 13, r.PreserveHost)
}

// AppendService appends s, in the order that Kong 3.9.3 was seen to use.
func AppendService(dst []byte, s *Service) []byte {
	dst = appendText(dst, 7, s.Host)
	dst = appendText(dst, 1, s.ID)
	dst = appendText(dst, 6, s.Protocol)
	dst = appendInt(dst, 5, s.Retries)
	dst = appendInt(dst, 8, s.Port)
	dst = appendTexts(dst, 13, s.Tags)
	dst = appendText(dst, 9, s.Path)
	dst = appendInt(dst, 11, s.WriteTimeout)
	dst = appendInt(dst, 10, s.ConnectTimeout)
	dst = appendInt(dst, 2, s.CreatedAt)
	dst = appendInt(dst, 12, s.ReadTimeout)
	dst = appendText(dst, 4, s.Name)
	return appendInt(dst, 3, s.UpdatedAt)
}

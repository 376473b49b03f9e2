package capture

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"webhookedge/plugins/provider"
)

var (
	requestLine = regexp.MustCompile(`^([A-Z]{1,16}) (\S+) HTTP/[0-9](?:\.[0-9])?$`)
	transfer    = regexp.MustCompile(`^[{}] \[[0-9]+ bytes data\]$`) // what curl -v says of bytes
	overTLS     = regexp.MustCompile(`^\* .*(port 443|SSL connection|TLS)`)
)

// Given is what a request does not show by itself.
type Given struct {
	Body []byte // nil for that of the capture; curl -v shows none
	URL  string // "" for what the Host and the request line say
}

// ReadHTTP reads the request in the output of curl -v, whose lines begin with > , or one
// as it came. The body is what stands behind the headers. The error is ErrCapture.
func ReadHTTP(text []byte, given Given) (Delivery, error) {
	if len(text) > MaxBytes {
		return Delivery{}, bad("it has more than %d MiB", MaxBytes>>20)
	}
	p := httpReader{scheme: "https"}
	rest, err := p.head(text)
	if err != nil {
		return Delivery{}, err
	}
	body := rest
	if p.curl {
		body = spoken(rest)
		if bytes.Contains(rest, []byte("\n> ")) || bytes.HasPrefix(rest, []byte("> ")) {
			return Delivery{}, bad("it has more than one request: leave the one that was signed")
		}
	}
	r := provider.Request{Method: p.method, Headers: p.headers}
	if r.URL, err = p.url(given.URL); err != nil {
		return Delivery{}, err
	}
	r.Body, err = p.body(body, given.Body)
	return Delivery{Request: r}, err
}

// httpReader is what is read of a request.
type httpReader struct {
	curl           bool
	scheme         string
	method, target string
	headers        provider.HeaderList
}

// head reads the request line and the headers, and returns what stands behind them.
func (p *httpReader) head(text []byte) (rest []byte, err error) {
	if p.curl = bytes.HasPrefix(text, []byte("> ")) || bytes.Contains(text, []byte("\n> ")); p.curl {
		p.scheme = "http" // until it says that there is TLS
	}
	for len(text) > 0 {
		var raw []byte
		raw, text, _ = bytes.Cut(text, []byte("\n"))
		if len(raw) > maxLine {
			return nil, bad("a line has more than %d bytes", maxLine)
		}
		line, mine := p.said(strings.TrimSuffix(string(raw), "\r"))
		switch {
		case !mine || line == "" && p.method == "" && !p.curl:
		case line == "" && p.method != "":
			return text, nil
		default:
			if err := p.line(line); err != nil {
				return nil, err
			}
		}
	}
	if p.method == "" {
		return nil, p.line("")
	}
	return nil, nil
}

// said takes from a line what curl puts in front of one of the request, and reports
// whether it is one.
func (p *httpReader) said(line string) (string, bool) {
	if !p.curl {
		return line, true
	}
	if overTLS.MatchString(line) {
		p.scheme = "https"
	}
	line, mine := strings.CutPrefix(line, ">")
	return strings.TrimPrefix(line, " "), mine
}

// line reads the request line, or a header.
func (p *httpReader) line(text string) (err error) {
	if p.method == "" {
		m := requestLine.FindStringSubmatch(text)
		if m == nil {
			return bad("it has no request line, such as POST /path HTTP/1.1")
		}
		p.method, p.target = m[1], m[2]
		return nil
	}
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return bad("a line of the headers is none: write it as Name: value")
	}
	p.headers, err = header(p.headers, name, value)
	return err
}

// spoken is the body between the headers and what curl says next.
func spoken(rest []byte) []byte {
	end := 0
	for end < len(rest) {
		line, _, _ := bytes.Cut(rest[end:], []byte("\n"))
		text := strings.TrimSuffix(string(line), "\r")
		if strings.HasPrefix(text, "* ") || strings.HasPrefix(text, "< ") || text == "<" || transfer.MatchString(text) {
			break
		}
		end = min(end+len(line)+1, len(rest))
	}
	return rest[:end]
}

func (p *httpReader) url(given string) (string, error) {
	if given != "" {
		return address(given)
	}
	if strings.HasPrefix(p.target, "/") {
		host, n := p.headers.Get("host")
		if n != 1 {
			return "", bad("it has no Host header, or two: give the URL with --url")
		}
		return address(p.scheme + "://" + host + p.target)
	}
	return address(p.target)
}

// body is what was sent: as long as the request says, where it says that.
func (p *httpReader) body(found, given []byte) ([]byte, error) {
	if _, n := p.headers.Get("transfer-encoding"); n > 0 && given == nil {
		return nil, bad("the body is chunked: give what it stands for with --body")
	}
	if given != nil {
		if len(bytes.TrimSpace(found)) > 0 {
			return nil, bad("there is a body in the capture and another by --body")
		}
		found = given
	}
	text, n := p.headers.Get("content-length")
	if n == 0 {
		return found, nil
	}
	length, err := strconv.Atoi(text)
	switch {
	case n > 1 || err != nil || length < 0:
		return nil, bad("its Content-Length is no number, or there twice")
	case len(found) == 0 && length > 0:
		return nil, bad("its Content-Length says %d bytes, and there is no body, which curl -v does not show: give it with --body", length)
	case len(found) == length:
		return found, nil
	}
	// A text file ends with a line end that was not sent.
	if cut := bytes.TrimRight(found, "\r\n"); len(found) > length && len(cut) <= length {
		return found[:length], nil
	}
	return nil, bad("the body has %d bytes, and the Content-Length says %d: it is not what was sent", len(found), length)
}

package capture

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"webhookedge/plugins/provider"
)

// archive is what is read of a HAR (HTTP Archive 1.2 specification, sections entries,
// request and postData). Other members are for other readers, as the specification says.
type archive struct {
	Log struct {
		Entries []struct {
			Started string     `json:"startedDateTime"`
			Request harRequest `json:"request"`
		} `json:"entries"`
	} `json:"log"`
}

type harRequest struct {
	Method  string `json:"method"`
	URL     string `json:"url"`
	Headers []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"headers"`
	PostData *struct {
		Text     *string           `json:"text"`
		Params   []json.RawMessage `json:"params"`
		Encoding string            `json:"encoding"` // as of a response, which some tools write here, too
	} `json:"postData"`
	BodySize *int `json:"bodySize"`
}

// ReadHAR reads the requests of a HAR, MaxEntries at most. The error is ErrCapture.
func ReadHAR(text []byte) ([]Delivery, error) {
	text = provider.WithoutBOM(text)
	if len(text) > MaxBytes {
		return nil, bad("it has more than %d MiB", MaxBytes>>20)
	}
	var a archive
	if !jsontext.Value(text).IsValid() || json.Unmarshal(text, &a) != nil {
		return nil, bad("it is no HAR: the JSON is broken, has a name twice, or is of another form")
	}
	switch n := len(a.Log.Entries); {
	case n == 0:
		return nil, bad("the HAR has no entries")
	case n > MaxEntries:
		return nil, bad("the HAR has %d entries, at most %d are read: leave those of the sender", n, MaxEntries)
	}
	var all []Delivery
	for i := range a.Log.Entries {
		e := &a.Log.Entries[i]
		r, err := e.Request.request()
		if err != nil {
			return nil, err
		}
		d := Delivery{Request: r}
		if e.Started != "" {
			if d.At, err = time.Parse(time.RFC3339Nano, e.Started); err != nil {
				return nil, bad("the startedDateTime of entry %d is no time", i+1)
			}
		}
		all = append(all, d)
	}
	return all, nil
}

func (h *harRequest) request() (provider.Request, error) {
	r := provider.Request{Method: h.Method}
	var err error
	if r.URL, err = address(h.URL); err != nil {
		return r, err
	}
	if !isMethod(h.Method) {
		return r, bad("an entry has no method")
	}
	var list provider.HeaderList
	for _, x := range h.Headers {
		if list, err = header(list, x.Name, x.Value); err != nil {
			return r, err
		}
	}
	r.Headers = list
	if r.Body, err = h.body(); err != nil {
		return r, err
	}
	if n := h.BodySize; n != nil && *n > 0 && *n != len(r.Body) {
		return r, bad("an entry has %d bytes of body, and its bodySize says %d: it is not what was sent", len(r.Body), *n)
	}
	return r, nil
}

func (h *harRequest) body() ([]byte, error) {
	p := h.PostData
	switch {
	case p == nil:
		return nil, nil
	case p.Text == nil && len(p.Params) > 0:
		return nil, bad("an entry has the parameters of its body and not its text, which was signed")
	case p.Text == nil:
		return nil, nil
	case p.Encoding == "":
		return []byte(*p.Text), nil
	case p.Encoding != "base64":
		return nil, bad("an entry has a body in an unknown encoding")
	}
	b, err := base64.StdEncoding.Strict().DecodeString(*p.Text)
	if err != nil {
		return nil, bad("an entry has a body that is no base64")
	}
	return b, nil
}

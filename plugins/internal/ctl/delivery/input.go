package delivery

import (
	"fmt"
	"io"
	"net/http"
	"os"

	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
)

// maxFile bounds a file, in bytes: more than any provider sends, in any form.
const maxFile = 128 << 20

// ReadBody reads a delivery, or its body, from a file; - is stdin.
func ReadBody(file string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err == nil && len(body) > maxFile {
		err = fmt.Errorf("%s: over %d MiB", file, maxFile>>20)
	}
	return body, err
}

// Provider returns the row of a name, or an error that lists the names there are.
func Provider(name string) (*provider.Provider, error) {
	row, ok := catalogue.Lookup(name)
	if !ok {
		return nil, pick.Known("provider", name, catalogue.Names())
	}
	return row, nil
}

// NoRedirect makes a client take a redirect for the answer that it is.
func NoRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

package local

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	// bodyBuffer is client_body_buffer_size in bytes: larger bodies go to a file.
	bodyBuffer = 8 << 10
	// bodyTimeout is nginx's client_body_timeout: between two reads.
	bodyTimeout = 60 * time.Second
)

// readBody reads a whole body: into memory up to bodyBuffer bytes, or else into a
// file under dir, as nginx does. The caller removes the file.
func readBody(w http.ResponseWriter, r *http.Request, dir string) (content []byte, file string, err error) {
	rest := timedReader{r.Body, http.NewResponseController(w)}
	// Left in place, the deadline would end a request that waits for a plugin.
	defer func() { _ = rest.c.SetReadDeadline(time.Time{}) }()
	content, err = io.ReadAll(io.LimitReader(rest, bodyBuffer+1))
	if err != nil || len(content) <= bodyBuffer {
		return content, "", err
	}
	f, err := os.CreateTemp(dir, "body")
	if err != nil {
		return nil, "", err
	}
	_, err = f.Write(content)
	if err == nil {
		_, err = io.Copy(f, rest)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return nil, "", err
	}
	return nil, f.Name(), nil
}

// beginning returns the first bytes of a file, and its size; nothing of one that is gone.
func beginning(file string, most int) (content []byte, size int) {
	f, err := os.Open(file)
	if err != nil {
		return nil, 0
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, 0
	}
	content = make([]byte, min(info.Size(), int64(most)))
	if _, err := io.ReadFull(f, content); err != nil {
		return nil, 0
	}
	return content, int(info.Size())
}

// timedReader bounds the time between two reads.
type timedReader struct {
	r io.Reader
	c *http.ResponseController
}

func (t timedReader) Read(b []byte) (int, error) {
	// A connection without deadlines, as in some tests, has none to set.
	_ = t.c.SetReadDeadline(time.Now().Add(bodyTimeout))
	return t.r.Read(b)
}

package local

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// errTooLarge is a body over client_max_body_size.
var errTooLarge = errors.New("body too large")

// bodyTimeout is nginx's client_body_timeout: between two reads.
const bodyTimeout = 60 * time.Second

// readBody reads a whole body: into memory up to buffer bytes, or else into a
// file under dir, as nginx does. The caller removes the file.
func readBody(w http.ResponseWriter, r *http.Request, buffer int, limit int64, dir string) (content []byte, file string, err error) {
	if limit > 0 && r.ContentLength > limit {
		return nil, "", errTooLarge
	}
	rest := &timedReader{r: r.Body, c: http.NewResponseController(w), left: limit}
	// Left in place, the deadline would end a request that waits for a plugin.
	defer func() { _ = rest.c.SetReadDeadline(time.Time{}) }()
	content, err = io.ReadAll(io.LimitReader(rest, int64(buffer)+1))
	if err != nil || len(content) <= buffer {
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

// timedReader bounds the time between two reads and the bytes in all.
type timedReader struct {
	r    io.Reader
	c    *http.ResponseController
	left int64 // 0 means no limit, -1 that it is reached
}

func (t *timedReader) Read(b []byte) (int, error) {
	// A connection without deadlines, as in some tests, has none to set.
	_ = t.c.SetReadDeadline(time.Now().Add(bodyTimeout))
	n, err := t.r.Read(b)
	if t.left != 0 && n > 0 {
		if t.left < 0 || int64(n) > t.left {
			return 0, errTooLarge
		}
		if t.left -= int64(n); t.left == 0 {
			t.left = -1
		}
	}
	return n, err
}

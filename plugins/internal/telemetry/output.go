package telemetry

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// outputTimeout bounds a write to a socket, and a connect.
const outputTimeout = time.Second

// OpenOutput returns what a target of log lines stands for: "stderr"; the absolute path
// of a file, which is appended to and opened again when it was moved away or removed, as
// by a rotation; unix:/path for a stream socket; and unixgram:/path for a datagram socket,
// with a line a datagram. It opens nothing yet, and neither a file nor a reader that is
// not there ends it: each write tries again. An error of Write comes with the number of
// bytes that went out before; the rest went to stderr, as a last resort.
func OpenOutput(target string, stderr io.Writer) (io.WriteCloser, error) {
	if target == "stderr" {
		return keepOpen{stderr}, nil
	}
	network, path, found := strings.Cut(target, ":")
	if !found {
		network, path = "file", target
	}
	if !filepath.IsAbs(path) || network != "file" && network != "unix" && network != "unixgram" {
		return nil, fmt.Errorf("log output %q: want stderr, an absolute path, unix:/path or unixgram:/path", cut(target, 64))
	}
	return &output{network: network, path: path, stderr: stderr}, nil
}

// keepOpen is a writer that others use, too.
type keepOpen struct{ io.Writer }

// Close implements io.Closer.
func (keepOpen) Close() error { return nil }

// output is a file or a socket. One goroutine uses it.
type output struct {
	network, path string
	stderr        io.Writer
	file          *os.File // open, or nil
	conn          net.Conn // likewise
}

// Write writes whole lines.
func (o *output) Write(lines []byte) (n int, err error) {
	write := o.toSocket
	if o.network == "file" {
		write = o.toFile
	}
	for range 2 { // a socket's reader may have been started again
		if n, err = write(lines); err == nil || n > 0 {
			break
		}
	}
	if err != nil {
		_, _ = o.stderr.Write(lines[n:])
	}
	return n, err
}

// toFile appends to what stands at the path now.
func (o *output) toFile(lines []byte) (int, error) {
	if o.file != nil {
		mine, errMine := o.file.Stat()
		there, errThere := os.Stat(o.path)
		if errMine != nil || errThere != nil || !os.SameFile(mine, there) {
			_ = o.Close() // everything was written
		}
	}
	if o.file == nil {
		var err error
		if o.file, err = os.OpenFile(o.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640); err != nil { //nolint:gosec // for the group that ships logs
			o.file = nil
			return 0, err
		}
	}
	return o.file.Write(lines)
}

// toSocket sends lines. After an error the next call connects again.
func (o *output) toSocket(lines []byte) (n int, err error) {
	if o.conn == nil {
		if o.conn, err = net.DialTimeout(o.network, o.path, outputTimeout); err != nil {
			o.conn = nil
			return 0, err
		}
	}
	defer func() {
		if err != nil {
			_ = o.Close()
		}
	}()
	if err = o.conn.SetWriteDeadline(time.Now().Add(outputTimeout)); err != nil {
		return 0, err
	}
	if o.network == "unix" {
		n, err = o.conn.Write(lines)
		return bytes.LastIndexByte(lines[:n], '\n') + 1, err // half a line is none
	}
	for line := range bytes.Lines(lines) {
		if _, err = o.conn.Write(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return n, err
		}
		n += len(line)
	}
	return n, nil
}

// Close implements io.Closer. A later write opens it again.
func (o *output) Close() (err error) {
	if o.file != nil {
		err = o.file.Close()
	}
	if o.conn != nil {
		err = o.conn.Close()
	}
	o.file, o.conn = nil, nil
	return err
}

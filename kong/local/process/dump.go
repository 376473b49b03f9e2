package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ErrDump means that a binary's -dump is not what Kong can read.
var ErrDump = errors.New("plugin's -dump is unusable")

// protocol is the only one that is spoken here.
const protocol = "ProtoBuf:1"

// dumpTimeout bounds -dump; Kong waits for it while it starts.
const dumpTimeout = 10 * time.Second

// Info is what a plugin says about itself.
type Info struct {
	Name     string
	Phases   []string
	Version  string
	Priority int
	Schema   json.RawMessage
}

// Dump runs binary -dump, with the plugin's name behind it where the binary has
// another one, and reads its one JSON object. Like Kong it takes the first plugin
// alone; unlike Kong it refuses another name than the plugin should have.
func Dump(ctx context.Context, binary, name string) (Info, error) {
	ctx, cancel := context.WithTimeout(ctx, dumpTimeout)
	defer cancel()
	var stdout, stderr bytes.Buffer
	args := []string{"-dump"}
	if filepath.Base(binary) != name {
		args = append(args, name)
	}
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, time.Second
	if err := cmd.Run(); err != nil {
		return Info{}, fmt.Errorf("%w: %s -dump: %w %s", ErrDump, binary, err, lastLine(stderr.String()))
	}
	info, err := readDump(stdout.Bytes(), name)
	if err != nil {
		return Info{}, fmt.Errorf("%w: %s: %w", ErrDump, binary, err)
	}
	return info, nil
}

func readDump(text []byte, name string) (Info, error) {
	var dump struct {
		Protocol string
		Plugins  []Info
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&dump); err != nil {
		return Info{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Info{}, errors.New("more than one JSON object on stdout")
	}
	switch {
	case dump.Protocol != protocol:
		return Info{}, fmt.Errorf("protocol is %q, not %q", dump.Protocol, protocol)
	case len(dump.Plugins) == 0:
		return Info{}, errors.New("it names no plugin")
	case dump.Plugins[0].Name != name:
		return Info{}, fmt.Errorf("it is plugin %q, not %q", dump.Plugins[0].Name, name)
	}
	return dump.Plugins[0], nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

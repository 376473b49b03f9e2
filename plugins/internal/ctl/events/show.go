package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/streams/archive"
)

func showCommand() *cobra.Command {
	var f stored.Flags
	var s show
	cmd := &cobra.Command{
		Use:   "show SEQUENCE | --id ID",
		Short: "Show one event whole, or write its payload",
		Long: "Shows an event with its payload. Events of an id are all shown: a replay has the id of its original. Where the payload\n" +
			"is in the object store (dataref), --resolve fetches it and checks its hash.",
		Example: "  webhookctl events show 17\n  webhookctl events show --id 72d3162e-cc78-11e3-81ab-4c9367dc0958 --json\n" +
			"  webhookctl events show 17 --data --resolve > payload.json",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (f.Filter.ID != "") {
				return exit.Usagef("name a sequence, which webhookctl events lists, or --id")
			}
			var seq uint64
			if len(args) == 1 {
				var err error
				if seq, err = strconv.ParseUint(args[0], 10, 64); err != nil || seq == 0 {
					return exit.Usagef("%q is no sequence: give an id as --id", args[0])
				}
			}
			s.out = cmd.OutOrStdout()
			return f.NATS.With(func(js jetstream.JetStream) error { return s.run(cmd, js, &f, seq) })
		},
	}
	f.AddStream(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.Filter.ID, "id", "", "the events with an `id`, instead of a sequence")
	flags.BoolVar(&s.resolve, "resolve", false, "fetch a payload that is in the object store")
	flags.BoolVar(&s.data, "data", false, "write the bytes of the payload, and nothing else")
	flags.BoolVar(&s.asJSON, "json", false, "the event in its structured form, one JSON document")
	cmd.MarkFlagsMutuallyExclusive("data", "json")
	return cmd
}

type show struct {
	out                   io.Writer
	resolve, data, asJSON bool
}

func (s *show) run(cmd *cobra.Command, js jetstream.JetStream, f *stored.Flags, seq uint64) error {
	begin, err := f.Begin(cmd.Context(), js)
	if err != nil {
		return err
	}
	if seq > 0 {
		e, err := stored.Get(cmd.Context(), js, f.Stream, seq)
		if err != nil {
			return err
		}
		return s.one(cmd, js, e)
	}
	found := false
	for e, err := range f.Events(cmd.Context(), js, begin, false) {
		if err != nil {
			return err
		}
		found = true
		if err := s.one(cmd, js, e); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("stream %s has no event of that id", f.Stream)
	}
	return nil
}

func (s *show) one(cmd *cobra.Command, js jetstream.JetStream, e *stored.Event) error {
	if s.resolve {
		if err := e.Inline(cmd.Context(), js); err != nil {
			return err
		}
	}
	var err error
	switch {
	case s.data && e.DataRef != "" && !s.resolve:
		return exit.Usagef("the payload is in the object store: add --resolve")
	case s.data:
		_, err = s.out.Write(e.Data)
	case s.asJSON:
		_, err = s.out.Write(append(bytes.TrimSpace(e.Document()), '\n'))
	default:
		_, err = io.WriteString(s.out, text(e))
	}
	return err
}

// text describes an event for people. Senders chose its bytes, so whatever a terminal
// could act on is escaped.
func text(e *stored.Event) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-16s %s\n", name, archive.Escape(value))
		}
	}
	line("sequence", fmt.Sprint(e.Message.Sequence))
	line("stored", e.Message.StoredAt.UTC().Format(time.RFC3339Nano))
	line("NATS subject", e.Message.Subject())
	line("message id", e.Message.Headers().Get(nats.MsgIdHdr))
	line("route", e.Route)
	for name, value := range e.Headers() {
		name = strings.TrimPrefix(name, "ce-")
		if name == "content-type" {
			name = "datacontenttype"
		} else if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		line(name, value)
	}
	b.WriteString("\n")
	switch {
	case len(e.Data) == 0 && e.DataRef != "":
		fmt.Fprintf(&b, "%d bytes in the object store: --resolve fetches them\n", e.DataSize)
	case e.Binary:
		fmt.Fprintf(&b, "%d bytes that are no JSON: --data writes them\n", len(e.Data))
	default:
		b.WriteString(payload(e.Data))
	}
	return b.String()
}

// payload is JSON with a member a line.
func payload(data []byte) string {
	var indented bytes.Buffer
	if json.Indent(&indented, data, "", "  ") != nil {
		indented.Reset()
		indented.Write(data)
	}
	var b strings.Builder
	for line := range strings.SplitSeq(indented.String(), "\n") {
		b.WriteString(archive.Escape(line) + "\n")
	}
	return b.String()
}

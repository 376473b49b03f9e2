package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/spool"
)

func spoolExportCommand() *cobra.Command {
	var parked bool
	cmd := &cobra.Command{
		Use:   "export DIRECTORY",
		Short: "Write the events of a spool with their payloads, one JSON object a line",
		Long: "Writes message by message what would be published: subject, headers and body, the body as text where it is\n" +
			"JSON and in base64 otherwise. A payload for the object store is beside it. Nothing is taken out. A copy is read,\n" +
			"so that it does not matter whether the plugin runs.",
		Example: "  webhookctl spool export /var/lib/webhook-edge/spool --parked > parked.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			return eachSpooled(cmd.Context(), args[0], func(part string, r *spool.Record) error {
				if parked && r.Why == "" {
					return nil
				}
				return enc.Encode(exportOf(part, r))
			})
		},
	}
	cmd.Flags().BoolVar(&parked, "parked", false, "only events that the broker does not take as they are")
	return cmd
}

// exported is an event of the spool as a line of JSON.
type exported struct {
	Part    string              `json:"part"`
	Stored  time.Time           `json:"stored"`
	Subject string              `json:"subject"`
	Header  map[string][]string `json:"header"`
	// JSON or Base64 is the body.
	JSON   json.RawMessage `json:"json,omitempty"`
	Base64 []byte          `json:"base64,omitempty"`
	Object *exportedObject `json:"object,omitempty"`
	Parked string          `json:"parked,omitempty"` // why
}

type exportedObject struct {
	Bucket string `json:"bucket"`
	Name   string `json:"name"`
	Base64 []byte `json:"base64"`
}

func exportOf(part string, r *spool.Record) exported {
	e := exported{Part: part, Stored: r.Stored.UTC(), Subject: r.Subject, Header: r.Header, Parked: r.Why}
	if json.Valid(r.Data) {
		e.JSON = r.Data
	} else {
		e.Base64 = r.Data
	}
	if r.Object != nil {
		e.Object = &exportedObject{r.Bucket, r.Name, r.Object}
	}
	return e
}

// eachSpooled calls fn with every event of a spool, part by part, those that are
// parked last.
func eachSpooled(ctx context.Context, dir string, fn func(part string, r *spool.Record) error) error {
	parts, err := spool.Parts(dir, "")
	if err != nil {
		return err
	}
	for _, part := range parts {
		err := withPart(ctx, dir, part, func(s *spool.Spool) error {
			each := func(r *spool.Record) error { return fn(part, r) }
			return errors.Join(eachOf(ctx, s.Next, each), eachOf(ctx, s.Parked, each))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func eachOf(ctx context.Context, next func(context.Context, uint64) (spool.Page, error), fn func(*spool.Record) error) error {
	var unread error
	for after := uint64(0); ; {
		page, err := next(ctx, after)
		if err != nil && !errors.Is(err, spool.ErrRecord) {
			return errors.Join(unread, err)
		}
		unread = errors.Join(unread, err)
		if page.Number == 0 {
			return unread
		}
		after = page.Number
		for i := range page.Records {
			if err := fn(&page.Records[i]); err != nil {
				return err
			}
		}
	}
}

// openTimeout bounds reading the index of a spool.
const openTimeout = 2 * time.Minute

// withPart opens a copy of a part, since its process may be writing it.
func withPart(ctx context.Context, dir, part string, fn func(*spool.Spool) error) error {
	tmp, err := os.MkdirTemp("", "webhookctl")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // temporary files
	if err := copyTree(filepath.Join(tmp, part), filepath.Join(dir, part)); err != nil {
		return err
	}
	limits := spool.Limits{MaxBytes: 1 << 40, MaxAge: 1 << 60}
	s := spool.Open(spool.Config{Dir: tmp, Part: part, Limits: limits}, slog.New(slog.DiscardHandler), time.Now)
	opened, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	select {
	case <-s.Filled():
		err = fn(s)
	case <-opened.Done():
		err = errors.Join(opened.Err(), s.Ready())
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer stop()
	return errors.Join(err, s.Close(last))
}

// copyTree copies what is there: files come and go while a spool is in use.
func copyTree(to, from string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(from)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // only read
	return fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, path), 0o700)
		}
		in, err := root.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer in.Close() //nolint:errcheck // only read
		out, err := os.OpenFile(filepath.Join(to, path), os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return errors.Join(err, out.Close())
	})
}

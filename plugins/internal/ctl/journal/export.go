package journal

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

	"webhookedge/plugins/internal/journal"
)

func exportCommand() *cobra.Command {
	var parked bool
	cmd := &cobra.Command{
		Use:   "export DIRECTORY",
		Short: "Write the events of a journal with their payloads, as JSON lines",
		Long: "Writes message by message what would be published: subject, headers and body, the body as text where it is\n" +
			"JSON and in base64 otherwise. A payload for the object store is beside it. Nothing is taken out. A copy is read,\n" +
			"so that it does not matter whether the plugin runs.",
		Example: "  webhookctl journal export /var/lib/webhook-edge/journal --parked > parked.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			return eachJournaled(cmd.Context(), args[0], func(part string, r *journal.Record, held bool) error {
				if parked && r.Why == "" {
					return nil
				}
				return enc.Encode(exportOf(part, r, held))
			})
		},
	}
	cmd.Flags().BoolVar(&parked, "parked", false, "only events that the broker does not take as they are")
	return cmd
}

type exported struct {
	Part    string              `json:"part"`
	Stored  time.Time           `json:"stored"`
	Subject string              `json:"subject"`
	Header  map[string][]string `json:"header"`
	// JSON or Base64 is the body.
	JSON   json.RawMessage `json:"json,omitempty"`
	Base64 []byte          `json:"base64,omitempty"`
	Object *exportedObject `json:"object,omitempty"`
	Held   bool            `json:"held,omitempty"`   // the broker has it and could lose it
	Parked string          `json:"parked,omitempty"` // why
}

type exportedObject struct {
	Bucket string `json:"bucket"`
	Name   string `json:"name"`
	Base64 []byte `json:"base64"`
}

func exportOf(part string, r *journal.Record, held bool) exported {
	e := exported{Part: part, Stored: r.Stored.UTC(), Subject: r.Subject, Header: r.Header, Held: held, Parked: r.Why}
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

// eachJournaled calls fn with every event of a journal, part by part, parked ones last.
func eachJournaled(ctx context.Context, dir string, fn func(part string, r *journal.Record, held bool) error) error {
	parts, err := journal.Parts(dir, "")
	if err != nil {
		return err
	}
	for _, part := range parts {
		err := withPart(ctx, dir, part, func(s *journal.Journal) error {
			return eachOf(s, func(r *journal.Record, held bool) error { return fn(part, r, held) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func eachOf(j *journal.Journal, fn func(r *journal.Record, held bool) error) error {
	var unread error
	for after := uint64(0); ; {
		item, err := j.Next(after)
		if item == nil {
			break
		}
		after = item.Entry.Number()
		if err != nil {
			unread = errors.Join(unread, err)
			continue
		}
		if err := fn(&item.Record, item.Entry.Forgotten()); err != nil {
			return err
		}
	}
	for after := ""; ; {
		name, r, err := j.Parked(after)
		if name == "" {
			return errors.Join(unread, err)
		}
		after = name
		if err != nil {
			unread = errors.Join(unread, err)
			continue
		}
		if err := fn(&r, false); err != nil {
			return err
		}
	}
}

const openTimeout = 2 * time.Minute

const closeTimeout = 15 * time.Second

// withPart opens a copy of a part, since its process may be writing it.
func withPart(ctx context.Context, dir, part string, fn func(*journal.Journal) error) error {
	tmp, err := os.MkdirTemp("", "webhookctl")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // temporary files
	if err := copyTree(filepath.Join(tmp, part), filepath.Join(dir, part)); err != nil {
		return err
	}
	limits := journal.Limits{MaxBytes: 1 << 40, MaxAge: 1 << 60}
	s := journal.Open(journal.Config{Dir: tmp, Part: part, Limits: limits}, slog.New(slog.DiscardHandler), time.Now)
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

// copyTree copies what is there: files come and go while a journal is in use.
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

// Package pick reads what a command line picks stored records by: sequences, and
// points in time.
package pick

import (
	"errors"
	"strconv"
	"time"

	"webhookedge/plugins/internal/ctl/exit"

	"github.com/spf13/cobra"
)

// Period is given by two flags, each RFC 3339, a duration before now, or "" for no bound.
type Period struct{ From, To string }

// Add defines the flags --from and --to on cmd, about what it names in the plural.
func (p *Period) Add(cmd *cobra.Command, what string) {
	cmd.Flags().StringVar(&p.From, "from", "", "only "+what+" since a `time`, or for a duration such as 24h")
	cmd.Flags().StringVar(&p.To, "to", "", "only "+what+" before a `time`, or that are older than a duration")
}

// Times returns the ends, which are zero where there is no bound.
func (p *Period) Times() (from, to time.Time, err error) {
	now := time.Now()
	from, ferr := moment("from", p.From, now)
	to, terr := moment("to", p.To, now)
	return from, to, errors.Join(ferr, terr)
}

func moment(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	ago, err := time.ParseDuration(text)
	if err != nil || ago < 0 {
		return time.Time{}, exit.Usagef("--%s: %q is neither a time such as 2025-06-12T10:00:00Z nor a duration before now such as 2h", flag, text)
	}
	return now.Add(-ago), nil
}

// Sequences reads the sequences that a command was given.
func Sequences(args []string) ([]uint64, error) {
	var all []uint64
	for _, arg := range args {
		seq, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			return nil, exit.Usagef("%q is no sequence number: the subcommand ls lists them", arg)
		}
		all = append(all, seq)
	}
	return all, nil
}

// Either reads sequences, unless there is a filter, of which example is a flag. Both or
// neither is an error.
func Either(args []string, filtered bool, example string) ([]uint64, error) {
	seqs, err := Sequences(args)
	if err == nil && (len(seqs) > 0) == filtered {
		err = exit.Usagef("name sequences, or a filter such as %s", example)
	}
	return seqs, err
}

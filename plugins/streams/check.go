package streams

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrUnfit is a stream that does not keep what an answer of 200 promises.
var ErrUnfit = errors.New("stream is not fit")

// ErrAtRisk is a stream that takes events, and can lose them in a fault that
// another one of its kind survives.
var ErrAtRisk = errors.New("stream is at risk")

// levels is how many tokens every subject has behind the prefix: provider,
// tenant and event; others may follow.
const levels = 3

// Check reports everything about a stream that breaks the promise, each as an
// ErrUnfit. It must take every subject of prefix.
func Check(have *jetstream.StreamConfig, prefix string) error {
	faults := faults{name: have.Name}
	switch {
	case have.Mirror != nil:
		faults.add("is a mirror and takes no events of its own")
	case !covered(have.Subjects, prefix):
		faults.add("takes %s, not %s.>; add that subject to it", strings.Join(have.Subjects, " "), prefix)
	}
	faults.keeping(have)
	if have.Duplicates <= 0 {
		faults.add("has no duplicate window, so that retries are stored twice")
	}
	if have.Retention == jetstream.InterestPolicy {
		faults.add("forgets events for which no consumer is there; retention must be limits or workqueue")
	}
	if have.MaxMsgsPerSubject > 0 {
		faults.add("keeps only %d events of a subject; max_msgs_per_subject must be unlimited", have.MaxMsgsPerSubject)
	}
	return errors.Join(faults.all...)
}

// CheckBucket reports everything about the stream of a bucket (OfBucket) that loses
// payloads, each as an ErrUnfit.
func CheckBucket(have *jetstream.StreamConfig) error {
	faults := faults{name: have.Name}
	if have.Mirror != nil {
		faults.add("is a mirror and takes no payloads of its own")
	}
	faults.keeping(have)
	return errors.Join(faults.all...)
}

// faults are what is wrong with a stream.
type faults struct {
	name string
	all  []error
}

func (f *faults) add(format string, args ...any) {
	f.all = append(f.all, fmt.Errorf("%w: %s %s", ErrUnfit, f.name, fmt.Sprintf(format, args...)))
}

// keeping adds what is wrong with how a stream keeps what it takes.
func (f *faults) keeping(have *jetstream.StreamConfig) {
	if have.Storage != jetstream.FileStorage {
		f.add("keeps events in memory; storage must be file")
	}
	if have.PersistMode == jetstream.AsyncPersistMode {
		f.add("acknowledges events before they are on disk; persist_mode must be default")
	}
	if have.NoAck {
		f.add("acknowledges nothing; no_ack must be off")
	}
	if have.Sealed {
		f.add("is sealed and takes no more events")
	}
	if have.Discard == jetstream.DiscardOld && (have.MaxBytes > 0 || have.MaxMsgs > 0) {
		f.add("drops its oldest events when it is full; discard must be new")
	}
}

// OfBucket is the stream that a bucket of the object store is kept in (nats.go,
// jetstream/object.go, objNameTmpl).
func OfBucket(bucket string) string { return bucketPrefix + bucket }

const bucketPrefix = "OBJ_"

// IsOfBucket reports whether a stream is that of a bucket.
func IsOfBucket(stream string) bool { return strings.HasPrefix(stream, bucketPrefix) }

// Risks reports what can cost a stream its events although Check finds no fault,
// each as an ErrAtRisk.
//
// nats-server goes on writing a block that it has compressed when a crash took the
// block behind it. At the next start it cannot read that block and removes the
// stream's files (seen with 2.15.2; TestCompression_costsAStreamEverything).
func Risks(have *jetstream.StreamConfig) error {
	if have.Compression == jetstream.NoCompression {
		return nil
	}
	return fmt.Errorf("%w: %s is compressed (%s), and a crash can cost it all of its events; set its compression to none", ErrAtRisk, have.Name, have.Compression)
}

// covered reports whether one of the patterns takes every subject of prefix.
func covered(patterns []string, prefix string) bool {
	for _, pattern := range patterns {
		if covers(strings.Split(pattern, "."), strings.Split(prefix, ".")) {
			return true
		}
	}
	return false
}

func covers(pattern, prefix []string) bool {
	for i, token := range pattern {
		switch {
		case token == ">":
			return i < len(prefix)+levels
		case i < len(prefix) && (token == "*" || token == prefix[i]):
		case i < len(prefix) || token != "*":
			return false
		}
	}
	return false // without ">" it takes subjects of one length only
}

package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
)

// handshake returns the reply where r is a handshake, nil where it is not.
func (s *Stage) handshake(ctx context.Context, r provider.Request, verified bool) error {
	shake, err := s.verifier.Handshake(r, verified, s.setup)
	switch {
	case errors.Is(err, provider.ErrSetup):
		s.log.Warn("a request hands over a secret, and setup is off; if it is the provider's, set setup: true and let it try again",
			"stage", s.Name(), "provider", s.row.Name)
		return &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: err}
	case errors.Is(err, provider.ErrMismatch):
		return &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: err}
	case err != nil:
		return &pipeline.Reject{Code: pipeline.Malformed, Err: err}
	case shake == nil:
		return nil
	}
	if err := s.take(ctx, shake); err != nil {
		return err
	}
	return reply(&shake.Answer)
}

// take does what a handshake asks for beside an answer.
func (s *Stage) take(ctx context.Context, shake *provider.HandshakeReply) error {
	if shake.Secret != "" {
		if err := s.keep(shake.Secret); err != nil {
			return err // a fault of ours: the provider shall try again
		}
	}
	if shake.Confirm == "" {
		return nil
	}
	if !s.setup || s.keys == nil {
		s.log.Warn("the provider asks for a confirmation, and setup is off: nothing is confirmed",
			"stage", s.Name(), "provider", s.row.Name)
		return nil
	}
	if _, err := s.keys.Get(ctx, shake.Confirm); err != nil {
		return &pipeline.Reject{Code: pipeline.KeyUnavailable, Err: fmt.Errorf("confirmation failed: %w", err)}
	}
	s.log.Warn("confirmed a subscription because setup is on; turn it off now", "stage", s.Name(), "provider", s.row.Name)
	return nil
}

// keep writes a secret that was handed over where only its owner can read it.
func (s *Stage) keep(secret string) error {
	if s.setupFile == "" {
		s.log.Warn("A SECRET WAS HANDED OVER because setup is on, and setup_file names no place for it: it is lost, set one and let the provider try again",
			"stage", s.Name(), "provider", s.row.Name)
		return nil
	}
	temp, err := os.CreateTemp(filepath.Dir(s.setupFile), ".setup-*") // 0600 from the start
	if err != nil {
		return fmt.Errorf("setup_file: %w", err)
	}
	_, werr := temp.WriteString(secret + "\n")
	err = errors.Join(werr, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), s.setupFile)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return fmt.Errorf("setup_file: %w", err)
	}
	s.log.Warn("A SECRET WAS HANDED OVER because setup is on: it is in setup_file. Check that it is the provider's, put it into secrets and turn setup off",
		"stage", s.Name(), "provider", s.row.Name, "file", s.setupFile)
	return nil
}

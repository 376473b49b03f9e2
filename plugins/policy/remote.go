package policy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	opabundle "github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/plugins"
	"github.com/open-policy-agent/opa/v1/plugins/bundle"
	"github.com/open-policy-agent/opa/v1/plugins/discovery"
	"github.com/open-policy-agent/opa/v1/server"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"webhookedge/plugins/policy/engine"
)

const stopTimeout = 3 * time.Second

// ErrBundle is a bundle that could not be fetched or activated.
var ErrBundle = errors.New("bundle cannot be used")

// remote runs OPA's plugin manager with bundles, discovery, status and decision logs. It only
// fetches policies: the engine compiles them, under the same rules as those of a directory.
type remote struct {
	source  *source
	manager *plugins.Manager
	store   storage.Store
	changed chan struct{}
	log     *slog.Logger

	mu       sync.Mutex
	attached *bundle.Plugin
}

// revisions are those of the bundles that a policy is from, by their names.
type revisions map[string]server.BundleInfo

// fromDirectory stands before the names of policies that no bundle brought.
const fromDirectory = "directory:"

func openRemote(ctx context.Context, s *source) (*remote, error) {
	raw, err := os.ReadFile(s.opa)
	if err != nil {
		return nil, err
	}
	r := &remote{source: s, store: inmem.New(), changed: make(chan struct{}, 1), log: s.pool.log}
	if r.manager, err = newManager(raw, r.store, r.log, s); err != nil {
		return nil, fmt.Errorf("%s: %w", s.opa, err)
	}
	// Not at once: a plugin may tell its state while it holds the lock that attach needs.
	r.manager.RegisterPluginStatusListener(name, func(map[string]*plugins.Status) { go r.attach() })
	if err := r.watchStore(ctx); err != nil {
		return nil, err
	}
	// The plugins end with Stop: one whose context is done before cannot be stopped.
	if err := r.manager.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("%s: %w", s.opa, err)
	}
	r.attach()
	return r, nil
}

// newManager makes OPA's plugins as raw configures them, and starts none.
func newManager(raw []byte, store storage.Store, log *slog.Logger, s *source) (*plugins.Manager, error) {
	logger := &opaLogger{log: log.With(slog.String("stage", name))}
	m, err := plugins.New(substituted(raw), "webhook-edge", store,
		plugins.Logger(logger), plugins.ConsoleLogger(logger.console()), plugins.WithEnableVersionCheck(false),
		plugins.WithParserOptions(ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1}))
	if err != nil {
		return nil, err
	}
	found, err := discovery.New(m, discovery.Factories(map[string]plugins.Factory{sinkName: sinkFactory{s}}))
	if err != nil {
		return nil, err
	}
	m.Register(discovery.Name, found)
	return m, nil
}

// checkOPAConfig says what OPA's plugins object to in a configuration file.
func checkOPAConfig(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	_, err = newManager(raw, inmem.New(), log, &source{opa: file, pool: &Pool{log: log}})
	return err
}

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// substituted expands environment variables, ${NAME}, as OPA does.
func substituted(raw []byte) []byte {
	return variable.ReplaceAllFunc(raw, func(m []byte) []byte {
		return []byte(os.Getenv(string(m[2 : len(m)-1])))
	})
}

func (r *remote) watchStore(ctx context.Context) error {
	return storage.Txn(ctx, r.store, storage.WriteParams, func(txn storage.Transaction) error {
		_, err := r.store.Register(ctx, txn, storage.TriggerConfig{SkipDataConversion: true, OnCommit: func(context.Context, storage.Transaction, storage.TriggerEvent) {
			select {
			case r.changed <- struct{}{}:
			default: // one is waiting already
			}
		}})
		return err
	})
}

// attach listens to the state of bundles, which discovery may bring later.
func (r *remote) attach() {
	p := bundle.Lookup(r.manager)
	r.mu.Lock()
	known := r.attached == p
	r.attached = p
	r.mu.Unlock()
	if p != nil && !known {
		p.RegisterBulkListener(name, r.bundles)
	}
}

// bundles takes the state of all bundles after each try to fetch one.
func (r *remote) bundles(all map[string]*bundle.Status) {
	var faults []error
	for name, s := range all {
		if s.Code != "" {
			faults = append(faults, fmt.Errorf("%w: %s: %s", ErrBundle, name, s.Message))
		}
		for _, err := range s.Errors {
			faults = append(faults, fmt.Errorf("%w: %s: %w", ErrBundle, name, err))
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	r.source.fetched(errors.Join(faults...))
}

// read makes a source of the manager's policies and data, with their revisions.
func (r *remote) read(ctx context.Context) (*engine.Source, revisions, error) {
	s, from := &engine.Source{Modules: map[string]*ast.Module{}, System: map[string]string{}, Data: map[string]any{}}, revisions{}
	err := storage.Txn(ctx, r.store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		if err := r.readModules(ctx, txn, s); err != nil {
			return err
		}
		data, err := r.store.Read(ctx, txn, storage.RootPath)
		if err != nil {
			return err
		}
		if top, ok := data.(map[string]any); ok {
			for key, value := range top {
				if key != "system" { // what OPA notes of its bundles
					s.Data[key] = value
				}
			}
		}
		return r.readRevisions(ctx, txn, from)
	})
	if err == nil && len(s.Modules) == 0 {
		err = engine.ErrEmpty
	}
	return s, from, err
}

func (r *remote) readModules(ctx context.Context, txn storage.Transaction, s *engine.Source) error {
	ids, err := r.store.ListPolicies(ctx, txn)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if strings.HasSuffix(id, "_test.rego") {
			continue
		}
		text, err := r.store.GetPolicy(ctx, txn, id)
		if err != nil {
			return err
		}
		m, err := engine.ParseModule(id, text)
		if err != nil {
			return err
		}
		s.AddModule(id, m, string(text))
	}
	return nil
}

func (r *remote) readRevisions(ctx context.Context, txn storage.Transaction, into revisions) error {
	names, err := opabundle.ReadBundleNamesFromStore(ctx, r.store, txn)
	if err != nil {
		return ignoreMissing(err)
	}
	for _, name := range names {
		revision, err := opabundle.ReadBundleRevisionFromStore(ctx, r.store, txn, name)
		if ignoreMissing(err) != nil {
			return err
		}
		into[name] = server.BundleInfo{Revision: revision}
	}
	return nil
}

func ignoreMissing(err error) error {
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

// putSystem replaces the directory's policies about logs in OPA's store.
func (r *remote) putSystem(ctx context.Context, texts map[string]string) error {
	return storage.Txn(ctx, r.store, storage.WriteParams, func(txn storage.Transaction) error {
		ids, err := r.store.ListPolicies(ctx, txn)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, stays := texts[strings.TrimPrefix(id, fromDirectory)]; strings.HasPrefix(id, fromDirectory) && !stays {
				if err := r.store.DeletePolicy(ctx, txn, id); err != nil {
					return err
				}
			}
		}
		for name, text := range texts {
			if err := r.store.UpsertPolicy(ctx, txn, fromDirectory+name, []byte(text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// close stops the plugins, and lets them ship decision logs for a while.
func (r *remote) close() {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		r.manager.Stop(ctx)
	}()
	select {
	case <-stopped:
	case <-ctx.Done():
		r.log.Warn("OPA's plugins did not stop in time", slog.String("stage", name))
	}
}

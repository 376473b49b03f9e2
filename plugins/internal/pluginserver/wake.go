package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"webhookedge/plugins/internal/telemetry"
)

const (
	// wakeInterval is the time between two requests to a URL that gets no answer of ours.
	wakeInterval = time.Second
	// wakeTries is how often it is asked: Kong may take minutes to start.
	wakeTries   = 600
	wakeTimeout = 5 * time.Second
	maxWakeURLs = 32
)

// wakeURLs reads the flag -wake.
func wakeURLs(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	urls := strings.Split(list, ",")
	if len(urls) > maxWakeURLs {
		return nil, fmt.Errorf("-wake: %d URLs, want at most %d", len(urls), maxWakeURLs)
	}
	for _, one := range urls {
		u, err := url.Parse(one)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return nil, errors.New("-wake: want http or https URLs without credentials, with commas between them")
		}
	}
	return urls, nil
}

// wake asks Kong for each URL, of a route of ours, until a plugin answers. Kong tells a
// process of its settings when it starts an instance, which it does with the first request
// of a route; so a process that nobody calls would leave what waits in its journal there.
// The request is a GET without a body, which no sender makes and nothing proves.
func wake(ctx context.Context, urls []string, interval time.Duration, log *slog.Logger) {
	client := &http.Client{
		Timeout:       wakeTimeout,
		Transport:     &http.Transport{DisableKeepAlives: true}, // and no proxy
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, one := range urls {
		if err := wakeOne(ctx, client, one, interval); err != nil && ctx.Err() == nil {
			log.Warn("no plugin answered the request of -wake: a journal waits for the first delivery", "url", one, telemetry.KeyErr, err.Error())
		}
	}
}

func wakeOne(ctx context.Context, client *http.Client, target string, interval time.Duration) (err error) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for range wakeTries {
		if err = ask(ctx, client, target); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return err
}

// ask is nil where a plugin answered. Kong itself answers 404 where it has no such route,
// and 500 or 503 while it cannot reach the plugin.
func ask(ctx context.Context, client *http.Client, target string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<10) // of no interest
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}

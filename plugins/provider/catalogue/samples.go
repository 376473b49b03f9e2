package catalogue

import (
	"embed"
	"net/url"
	"path"
	"slices"
	"strings"

	"webhookedge/plugins/provider"
)

//go:embed samples
var samples embed.FS

// slashInFile stands in the name of a sample's file for the slash of an event
// name. Other characters that a file cannot have are escaped as in a URL.
const slashInFile = "__"

// Sample returns an invented payload of the given event of p, as the provider would
// send it, and its content type. It is false where there is none.
func Sample(p *provider.Provider, event string) (body []byte, contentType string, ok bool) {
	for _, s := range samplesOf(p) {
		if s.event != event {
			continue
		}
		body, err := samples.ReadFile(path.Join("samples", p.Name, s.file))
		return body, s.contentType, err == nil
	}
	return nil, "", false
}

// SampleEvents returns the names of the events of p with a sample, sorted.
func SampleEvents(p *provider.Provider) []string {
	var events []string
	for _, s := range samplesOf(p) {
		events = append(events, s.event)
	}
	slices.Sort(events)
	return events
}

type sample struct{ event, file, contentType string }

func samplesOf(p *provider.Provider) []sample {
	// A provider without samples has no folder, and then there is nothing to list.
	entries, err := samples.ReadDir(path.Join("samples", p.Name))
	if err != nil {
		return nil
	}
	var all []sample
	for _, entry := range entries {
		s := sample{file: entry.Name(), contentType: p.JSONType()}
		name := strings.TrimSuffix(s.file, path.Ext(s.file))
		switch path.Ext(s.file) {
		case ".form":
			s.contentType = "application/x-www-form-urlencoded"
		case ".jwt", ".xml":
			s.contentType = p.ContentTypes[0]
		case ".none": // a delivery without a body
			s.contentType = ""
		}
		s.event = strings.ReplaceAll(name, slashInFile, "/")
		if event, err := url.PathUnescape(s.event); err == nil {
			s.event = event
		}
		all = append(all, s)
	}
	return all
}

package drift_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/provider/catalogue"
)

// variant is a payload of a sample with its members in another order, some of those that
// are optional left out, and lists of other lengths.
func variant(rng *rand.Rand, v any, place string, optional map[string]bool) string {
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		var members []string
		for _, key := range keys {
			at := place + "\x00" + key
			if optional[at] && rng.IntN(100) < 40 {
				continue
			}
			name, _ := json.Marshal(key)
			members = append(members, string(name)+":"+variant(rng, v[key], at, optional))
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		var elements []string
		for i := range v {
			if i == 0 || rng.IntN(4) > 0 {
				elements = append(elements, variant(rng, v[i], place+"\x00[", optional))
			}
		}
		return "[" + strings.Join(elements, ",") + "]"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return v.String()
		}
		return fmt.Sprint(rng.IntN(1e6))
	case string:
		return fmt.Sprintf(`"%x"`, rng.Uint64())
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// seed is a change of a payload, made at a place.
type seed struct{ kind, place string }

// path is that of the change that is found, without quotes.
func (s seed) path() string {
	path := "$" + strings.NewReplacer("\x00[", "[*]", "\x00", ".").Replace(s.place)
	if s.kind == "appeared" {
		path += ".brand_new"
	}
	return path
}

// seeds lists changes that can be made in v: a tenth of all members is changed, in objects
// and in elements of lists.
func seeds(rng *rand.Rand, v any, place string, all *[]seed) {
	switch v := v.(type) {
	case map[string]any:
		if rng.IntN(4) == 0 && len(v) > 0 {
			*all = append(*all, seed{"appeared", place})
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := place + "\x00" + key
			if rng.IntN(10) == 0 {
				*all = append(*all, seed{"vanished", at})
			}
			if rng.IntN(10) == 0 && v[key] != nil {
				*all = append(*all, seed{"retyped", at})
			}
			seeds(rng, v[key], at, all)
		}
	case []any:
		for _, inner := range v[:min(len(v), 1)] {
			seeds(rng, inner, place+"\x00[", all)
		}
	}
}

// apply returns v with a change made, wherever its place is.
func (s seed) apply(v any, place string) any {
	switch v := v.(type) {
	case map[string]any:
		changed := map[string]any{}
		for key, inner := range v {
			at := place + "\x00" + key
			switch {
			case at == s.place && s.kind == "vanished":
			case at == s.place && s.kind == "retyped":
				changed[key] = true
				if inner == true || inner == false {
					changed[key] = "a text"
				}
			default:
				changed[key] = s.apply(inner, at)
			}
		}
		if place == s.place && s.kind == "appeared" {
			changed["brand_new"] = "v"
		}
		return changed
	case []any:
		changed := make([]any, len(v))
		for i := range v {
			changed[i] = s.apply(v[i], place+"\x00[")
		}
		return changed
	}
	return v
}

// optionals picks a third of all members, which sometimes are left out.
func optionals(rng *rand.Rand, v any, place string, all map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := place + "\x00" + key
			if rng.IntN(3) == 0 {
				all[at] = true
			}
			optionals(rng, v[key], at, all)
		}
	case []any:
		for _, inner := range v {
			optionals(rng, inner, place+"\x00[", all)
		}
	}
}

// gateway plays payloads through a tally and a model, as the edge does.
type gateway struct {
	m *drift.Model
	t drift.Tally
}

func (g *gateway) play(n, every int, payload func() string) (found []drift.Change) {
	for i := range n {
		g.t.Observe([]byte(payload()))
		if (i+1)%every == 0 || i == n-1 {
			found = append(found, g.m.Merge(&g.t, time.Unix(1, 0))...)
			g.t.Merged(g.m)
		}
	}
	return found
}

// TestCorpus_noFalseAlarmAndEveryChange plays the samples of the catalogue: a thousand
// payloads each that only vary, and every seeded change behind them.
func TestCorpus_noFalseAlarmAndEveryChange(t *testing.T) {
	events, payloads, made, found := 0, 0, 0, 0
	for i, row := range catalogue.All() {
		names := catalogue.SampleEvents(row)
		if len(names) == 0 {
			continue
		}
		name := names[i%len(names)]
		sample, _, _ := catalogue.Sample(row, name)
		var v any
		dec := json.NewDecoder(bytes.NewReader(sample))
		dec.UseNumber()
		if dec.Decode(&v) != nil {
			continue // a form or XML
		}
		events++
		rng := rand.New(rand.NewPCG(uint64(i), 7))
		optional := map[string]bool{}
		optionals(rng, v, "", optional)
		// The payloads that only vary are a thousand at each event, made of a hundred.
		var pool []string
		for range 100 {
			pool = append(pool, variant(rng, v, "", optional))
		}
		g := gateway{m: drift.NewModel(row.Name, name, time.Unix(0, 0))}
		for _, c := range g.play(1000, 1+i%40, func() string { return pool[rng.IntN(len(pool))] }) {
			t.Errorf("false alarm: %s %s: %s %s", row.Name, name, c.Kind, c.Path)
		}
		payloads += 1000
		learnt, _ := json.Marshal(g.m)
		var all []seed
		seeds(rng, v, "", &all)
		for _, s := range all[:min(len(all), 6)] {
			if optional[s.place] && s.kind == "vanished" {
				continue // it may stay away
			}
			made++
			changed := s.apply(v, "")
			next := gateway{m: &drift.Model{}}
			if err := json.Unmarshal(learnt, next.m); err != nil {
				t.Fatal(err)
			}
			got := next.play(60, 20, func() string { return variant(rng, changed, "", optional) })
			if len(got) == 1 && string(got[0].Kind) == s.kind && strings.NewReplacer("['", ".", "']", "").Replace(got[0].Path) == s.path() {
				found++
				continue
			}
			t.Errorf("%s %s: %s %s was made, and found: %v", row.Name, name, s.kind, s.path(), got)
		}
	}
	t.Logf("%d events, %d payloads without a change: no false alarm; %d of %d seeded changes found", events, payloads, found, made)
	if made < 100 {
		t.Errorf("only %d changes were made", made)
	}
}

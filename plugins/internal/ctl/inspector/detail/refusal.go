package detail

import (
	"cmp"
	"strings"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/pipeline"
)

// refuse says why the delivery was refused or held, and what to change.
func (v *view) refuse() {
	row := &v.given.Row
	out := &api.Refusal{Code: row.Code, Status: row.Status}
	if k := v.kept; k != nil {
		out.Code, out.Stage, out.Reason = k.Code, k.Stage, k.Reason
	}
	if r := v.given.Record; r != nil {
		out.Stage, out.Reason, out.Cause = cmp.Or(r.Stage, out.Stage), cmp.Or(r.Reason, out.Reason), r.Cause
		out.Status = cmp.Or(r.Status, out.Status)
		if v.kept == nil || !v.kept.Held {
			out.Code = cmp.Or(r.Code, out.Code)
		}
		for i := range r.Events {
			if hold := r.Events[i].Hold; hold != "" && out.Code == pipeline.Quarantined.String() {
				out.Code = hold
			}
		}
	}
	code, known := pipeline.ParseCode(out.Code)
	if row.State == api.StateStored || out.Code == "" {
		return
	}
	if known {
		info := code.Info()
		out.Meaning, out.Retry = info.Meaning, info.Retry && row.State == api.StateRefused
		if row.State == api.StateRefused {
			out.Status = cmp.Or(out.Status, info.Status)
		}
		c := changeFor(code, out.Reason, out.Cause)
		out.Change = c.do
		v.place(out, c.setting)
	}
	if row.State == api.StateHeld && code == pipeline.Quarantined {
		out.Change = "Release the delivery once it was looked at, or drop it."
	}
	out.Reason, out.Cause = v.hide.text(out.Reason, maxHeader), v.hide.text(out.Cause, maxHeader)
	v.out.Refusal = out
}

// place finds the setting that a refusal is about in the kong.yml.
func (v *view) place(out *api.Refusal, setting string) {
	if v.route == nil || setting == "" {
		return
	}
	p, path := v.pluginFor(setting, out.Stage)
	if p == nil {
		return
	}
	at := p.At(path, "")
	if at.Line == 0 {
		return
	}
	out.File, out.Line = v.kong.file, at.Line
	out.Lines = v.kong.around(at.Line)
}

// pluginFor returns the plugin that has a setting, and the path of it there. The setting
// of a stage stands at the top of a plugin of that stage alone.
func (v *view) pluginFor(setting, stage string) (*local.Inspected, string) {
	first, rest, _ := strings.Cut(setting, ".")
	if setting == "config" {
		first, rest, setting = stage, "", ""
	}
	p, alone := v.route.plugin(first)
	switch {
	case p != nil && alone:
		return p, rest
	case p != nil:
		return p, setting
	}
	// A setting of every plugin, such as max_body_bytes.
	if p, _ = v.route.plugin(stage); p == nil {
		p, _ = v.route.plugin("")
	}
	return p, setting
}

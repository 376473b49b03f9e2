package pluginserver

import (
	"encoding/json"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/config"
)

// administer answers the calls that are not deliveries.
func (s *Server) administer(dst []byte, rpc call) ([]byte, error) {
	switch rpc.kind {
	case wire.CallStartInstance:
		i, err := s.instances.start(string(rpc.name), rpc.config)
		if err != nil {
			return nil, err
		}
		return appendReturn(dst, rpc.sequence, wire.ReturnInstanceStatus, i.status()), nil
	case wire.CallGetInstanceStatus, wire.CallCloseInstance:
		get := s.instances.get
		if rpc.kind == wire.CallCloseInstance {
			get = s.instances.stop
		}
		i, ok := get(rpc.instance)
		if !ok { // closed before, or never here: nothing is left to be done
			return appendReturn(dst, rpc.sequence, 0, nil), nil
		}
		return appendReturn(dst, rpc.sequence, wire.ReturnInstanceStatus, i.status()), nil
	case wire.CallGetPluginNames:
		var names []byte
		for _, p := range s.program.Plugins {
			names = wire.AppendBytes(names, 1, p.Name)
		}
		return appendReturn(dst, rpc.sequence, wire.ReturnPluginNames, names), nil
	case wire.CallGetPluginInfo:
		return s.appendPluginInfo(dst, rpc)
	default:
		return nil, fmt.Errorf("%w: field %d", errUnknownCall, rpc.kind)
	}
}

func (i *instance) status() []byte {
	return appendInstanceStatus(nil, i.plugin, i.id, i.started.Unix())
}

func (s *Server) appendPluginInfo(dst []byte, rpc call) ([]byte, error) {
	p, err := s.program.plugin(string(rpc.name))
	if err != nil {
		return nil, err
	}
	schema, err := config.KongSchema(p.Name, p.Config)
	if err != nil {
		return nil, err
	}
	info := wire.AppendBytes(nil, 1, p.Name)
	info = wire.AppendBytes(info, 4, phaseAccess)
	info = wire.AppendBytes(info, 5, Version())
	info = wire.AppendVarint(info, 6, uint64(p.Priority))
	info = protowire.AppendTag(info, 7, protowire.BytesType)
	info = protowire.AppendBytes(info, schema)
	return appendReturn(dst, rpc.sequence, wire.ReturnPluginInfo, info), nil
}

// dumpedServer is the JSON that Kong's query command reads. Kong uses the
// first plugin only (kong/runloop/plugin_servers/process.lua, 3.9).
type dumpedServer struct {
	Protocol   string
	SocketPath string
	Plugins    []dumpedPlugin
}

type dumpedPlugin struct {
	Name     string
	Phases   []string
	Version  string
	Priority int
	Schema   json.RawMessage
}

// Dump writes what Kong asks a plugin server for at its start.
func Dump(w io.Writer, socket string, p Plugin) error {
	schema, err := config.KongSchema(p.Name, p.Config)
	if err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return json.NewEncoder(w).Encode(dumpedServer{
		Protocol:   "ProtoBuf:1",
		SocketPath: socket,
		Plugins: []dumpedPlugin{{
			Name: p.Name, Phases: []string{phaseAccess}, Version: Version(), Priority: p.Priority, Schema: schema,
		}},
	})
}

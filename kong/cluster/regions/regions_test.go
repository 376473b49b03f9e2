// Package regions_test plays two regions with the files of this folder.
package regions_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
)

// region is a region of one node.
type region struct {
	name, dir string
	options   *server.Options
	node      *server.Server
}

// start starts the node, on the files that it has.
func (r *region) start(t *testing.T) {
	t.Helper()
	o := r.options.Clone()
	o.ServerName, o.Host, o.Port, o.HTTPPort, o.StoreDir, o.JetStreamMaxStore = r.name, "127.0.0.1", server.RANDOM_PORT, 0, r.dir, 64<<30
	o.NoLog, o.NoSigs = true, true
	var err error
	if r.node, err = server.NewServer(o); err != nil {
		t.Fatal(err)
	}
	r.node.Start()
	t.Cleanup(func() { r.node.Shutdown(); r.node.WaitForShutdown() })
	if !r.node.ReadyForConnections(10 * time.Second) {
		t.Fatalf("%s does not start", r.name)
	}
}

// js is a client of the region.
func (r *region) js(t *testing.T) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(r.node.ClientURL(), nats.UserInfo("admin", "of-the-admin"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// loadRegion reads the files of a region. One
// node is enough to show what crosses.
func loadRegion(t *testing.T, name string, env map[string]string) *region {
	t.Helper()
	for k, v := range env {
		t.Setenv(k, v)
	}
	o, err := server.ProcessConfigFile(name + ".conf")
	if err != nil {
		t.Fatal(err)
	}
	if o.JetStreamDomain != name || !o.SyncAlways || o.StoreDir != "/data" || len(o.Users) != 3 {
		t.Errorf("%s: domain %s, %d users, in %s", name, o.JetStreamDomain, len(o.Users), o.StoreDir)
	}
	o.Cluster, o.Routes, o.ConfigFile = server.ClusterOpts{}, nil, ""
	return &region{name: name, dir: t.TempDir(), options: o}
}

// regionEnvironment is that of a node, with the certificates of the test.
func regionEnvironment(t *testing.T) map[string]string {
	t.Helper()
	env := map[string]string{
		"NATS_NAME": "nats-1", "NATS_ADMIN_PASSWORD": "of-the-admin", "NATS_EDGE_PASSWORD": "of-the-edge", "NATS_CONSUMERS_PASSWORD": "of-consumers", "NATS_ROUTE_PASSWORD": "of-routes",
		"NATS_ROUTE_1": "nats://a:1", "NATS_ROUTE_2": "nats://b:1", "NATS_ROUTE_3": "nats://c:1",
	}
	cert, key := certificate(t)
	env["NATS_TLS_CERT"], env["NATS_TLS_CA"], env["NATS_TLS_KEY"] = "'"+cert+"'", "'"+cert+"'", "'"+key+"'"
	env["NATS_REGION_PASSWORD"] = "'of-the-test-between-regions'"
	return env
}

func startRegions(t *testing.T) (eu, us *region, between *wire) {
	t.Helper()
	env := regionEnvironment(t)
	eu = loadRegion(t, "eu", env)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	eu.options.LeafNode.Host, eu.options.LeafNode.Port = "127.0.0.1", l.Addr().(*net.TCPAddr).Port
	between = startWire(t, l.Addr().String())
	l.Close()
	eu.start(t)
	for i := range 3 {
		env[fmt.Sprint("NATS_EU_", i+1)] = "'tls://region:of-the-test-between-regions@" + between.listener.Addr().String() + "'"
	}
	us = loadRegion(t, "us", env)
	us.options.LeafNode.ReconnectInterval = 100 * time.Millisecond
	us.options.LeafNode.Remotes[0].URLs = us.options.LeafNode.Remotes[0].URLs[:1]
	us.start(t)
	soon(t, "the regions are linked", func() error {
		if eu.node.NumLeafNodes() != 1 || us.node.NumLeafNodes() != 1 {
			return errors.New("they are not")
		}
		return nil
	})
	for _, r := range []*region{eu, us} {
		for _, file := range []string{"../streams.yml", "streams-" + r.name + ".yml"} {
			specs, err := streams.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range specs {
				spec.Replicas = 1
				if _, err := streams.Ensure(t.Context(), r.js(t), &spec); err != nil {
					t.Fatal(err)
				}
				change, err := streams.Plan(t.Context(), r.js(t), &spec)
				if err != nil || !change.Done() {
					t.Errorf("%s in %s differs from its file: %+v %v", spec.Name, r.name, change, err)
				}
			}
		}
	}
	return eu, us, between
}

// takes stores an event of a region, as a gateway there does.
func (r *region) takes(t *testing.T, ids ...string) {
	t.Helper()
	js := r.js(t)
	for _, id := range ids {
		ack, err := js.Publish(t.Context(), "webhooks.github.o.issues", []byte(id+" of "+r.name), jetstream.WithMsgID("github:"+id))
		if err != nil || ack.Stream != "WEBHOOKS" || ack.Domain != r.name {
			t.Fatalf("%s takes %s: %+v %v", r.name, id, ack, err)
		}
	}
}

// has waits until a stream of the region has events of so many ids, each once.
func (r *region) has(t *testing.T, stream string, ids ...string) {
	t.Helper()
	soon(t, fmt.Sprintf("%s of %s has %v", stream, r.name, ids), func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		s, err := r.js(t).Stream(ctx, stream)
		if err != nil {
			return err
		}
		seen := map[string]int{}
		for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
			m, err := s.GetMsg(ctx, seq)
			if err != nil {
				return err
			}
			seen[m.Header.Get(jetstream.MsgIDHeader)]++
		}
		for _, id := range ids {
			if n := seen["github:"+id]; n != 1 {
				return fmt.Errorf("%s is there %d times, of %v", id, n, seen)
			}
		}
		if len(seen) != len(ids) {
			return fmt.Errorf("there are %v", seen)
		}
		return nil
	})
}

// soon repeats f until it does not fail. A stream that asked a region which was not
// there asks again after 30 s (nats-server, srcConsumerWaitTime) and some.
func soon(t *testing.T, what string, f func() error) {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never: %s: %v", what, err)
		}
	}
}

// TestRegions_haveEachOthersEvents plays two regions: what one takes can be read in the
// other, what both took is there once, and after a cut, and the loss of a region, nothing
// is missing.
func TestRegions_haveEachOthersEvents(t *testing.T) {
	began := time.Now()
	eu, us, between := startRegions(t)
	eu.takes(t, "a1")
	us.takes(t, "b1")
	eu.has(t, "WEBHOOKS", "a1") // and not what us takes on the same subject
	us.has(t, "WEBHOOKS", "b1")
	eu.has(t, "WEBHOOKS_ALL", "a1", "b1")
	us.has(t, "WEBHOOKS_ALL", "a1", "b1")

	between.set(true)
	eu.takes(t, "a2", "both")
	us.takes(t, "b2", "both") // the sender's retry goes to the other region
	eu.has(t, "WEBHOOKS_ALL", "a1", "b1", "a2", "both")
	us.has(t, "WEBHOOKS_ALL", "a1", "b1", "b2", "both")
	between.set(false)
	all := []string{"a1", "b1", "a2", "b2", "both"}
	eu.has(t, "WEBHOOKS_ALL", all...)
	us.has(t, "WEBHOOKS_ALL", all...)

	eu.node.Shutdown()
	eu.node.WaitForShutdown()
	us.takes(t, "b3")
	us.has(t, "WEBHOOKS_ALL", append(all, "b3")...)
	eu.start(t)
	eu.takes(t, "a3")
	back := time.Now()
	us.has(t, "WEBHOOKS_ALL", append(all, "b3", "a3")...)
	eu.has(t, "WEBHOOKS_ALL", append(all, "b3", "a3")...)
	t.Logf("a region that was gone had everything after %s, of %s", time.Since(back).Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}

// TestRegions_linkIsEncryptedAndProved reads the files.
func TestRegions_linkIsEncryptedAndProved(t *testing.T) {
	env := regionEnvironment(t)
	for i := range 3 {
		env[fmt.Sprint("NATS_EU_", i+1)] = fmt.Sprintf("'tls://region:of-the-test-between-regions@nats-eu-%d:7422'", i+1)
	}
	eu, us := loadRegion(t, "eu", env), loadRegion(t, "us", env)
	if l := eu.options.LeafNode; l.TLSConfig == nil || l.TLSConfig.ClientCAs == nil || l.Username != "region" || l.Password == "" {
		t.Errorf("eu takes links of anybody: %+v", l)
	}
	remote := us.options.LeafNode.Remotes[0]
	if remote.TLSConfig == nil || remote.TLSConfig.InsecureSkipVerify || len(remote.URLs) != 3 {
		t.Errorf("us connects without TLS, or to one node: %v", remote.URLs)
	}
	for _, u := range remote.URLs {
		if u.User.Username() != eu.options.LeafNode.Username || u.Port() != fmt.Sprint(eu.options.LeafNode.Port) {
			t.Errorf("us connects to %s", u.Redacted())
		}
	}
}

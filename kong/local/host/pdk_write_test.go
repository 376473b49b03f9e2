package host

import (
	"errors"
	"strings"
	"testing"

	pdk "github.com/Kong/go-pdk"
	"github.com/Kong/go-pdk/entities"
	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/wire"
)

func TestPDK_entities(t *testing.T) {
	var route entities.Route
	var service entities.Service
	var consumer entities.Consumer
	var captures [][]byte
	var shared, nothing, null any
	_, err := talk(t, sample(), func(k *pdk.PDK) {
		route, _ = k.Router.GetRoute()
		service, _ = k.Router.GetService()
		captures, _, _ = k.Request.GetUriCaptures()
		_ = k.Client.Authenticate(&entities.Consumer{Id: "c", Username: "u"}, nil)
		consumer, _ = k.Client.GetConsumer()
		_ = k.Ctx.SetShared("v", map[string]any{"provider": "github", "ids": []any{"a", 2.5, true}})
		shared, _ = k.Ctx.GetSharedAny("v")
		nothing, _ = k.Ctx.GetSharedAny("absent")
		_ = k.Ctx.SetShared("null", nil)
		null, _ = k.Ctx.GetSharedAny("null")
	})
	if err != nil {
		t.Fatal(err)
	}
	type all struct {
		Route, Service, Consumer, Capture string
		Shared, Nothing, Null             any
	}
	got := all{route.Name + route.Service.Id, service.Host + service.Path, consumer.Username, string(captures[0]), shared, nothing, null}
	want := all{"rsid", "h/p", "u", "one", map[string]any{"provider": "github", "ids": []any{"a", 2.5, true}}, nil, wire.NullName}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPDK_writes(t *testing.T) {
	x, err := talk(t, sample(), func(k *pdk.PDK) {
		_ = k.Response.SetStatus(201)
		_ = k.Response.SetHeader("X-A", "1")
		_ = k.Response.AddHeader("x-a", "2")
		_ = k.Response.SetHeader("x_b", "")
		_ = k.Response.ClearHeader("x-b")
		_ = k.Response.SetHeader("Transfer-Encoding", "chunked")
		_ = k.ServiceRequest.SetScheme("https")
		_ = k.ServiceRequest.SetPath("/new path")
		_ = k.ServiceRequest.SetMethod("PUT")
		_ = k.ServiceRequest.SetQuery(map[string][]string{"b": {"2"}, "a": {"1 ", "3"}})
		_ = k.ServiceRequest.SetHeader("X-One", "one")
		_ = k.ServiceRequest.AddHeader("x-two", "c")
		_ = k.ServiceRequest.ClearHeader("x-empty")
		_ = k.ServiceRequest.SetHeader("Host", "up.example")
		_ = k.ServiceRequest.SetRawBody("new")
		_ = k.Service.SetTarget("10.9.8.7", 81)
		_ = k.Log.Warn("a", 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	type all struct {
		Status              int
		Upstream            Upstream
		Method, Query, Body string
		Headers             []Header
		Response            map[string][]string
	}
	got := all{Status: x.Status, Upstream: x.Upstream, Method: x.Method(), Query: x.RawQuery(), Body: string(x.body), Response: x.Response}
	for _, h := range x.Headers() {
		if !strings.HasPrefix(h.Name, "x-forwarded") {
			got.Headers = append(got.Headers, h)
		}
	}
	want := all{
		201, Upstream{"https", "10.9.8.7", 81, "/new%20path", "up.example"}, "PUT", "a=1%20&a=3&b=2", "new",
		[]Header{{"x-two", "a"}, {"x-two", "b"}, {"x-one", "one"}, {"x-two", "c"}, {"host", "up.example"}},
		map[string][]string{"X-A": {"1", "2"}, "X-B": nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if sample().Headers[1].Value != "1" {
		t.Error("the request itself was changed")
	}
}

// TestAccess_raisedErrors holds what Kong raises as a Lua error, and TestUnknownMethod what
// it does not.
func TestAccess_raisedErrors(t *testing.T) {
	cases := map[string]func(*pdk.PDK){
		"no headers asked for":            func(k *pdk.PDK) { _, _ = k.Request.GetHeaders(0) },
		"too many headers":                func(k *pdk.PDK) { _, _ = k.Request.GetHeaders(1001) },
		"a response read too early":       func(k *pdk.PDK) { _, _ = k.Response.GetStatus() },
		"a service response":              func(k *pdk.PDK) { _, _ = k.ServiceResponse.GetStatus() },
		"a status that is none":           func(k *pdk.PDK) { _ = k.Response.SetStatus(99) },
		"an exit with a bad status":       func(k *pdk.PDK) { k.Response.Exit(600, nil, nil) },
		"a scheme of another kind":        func(k *pdk.PDK) { _ = k.ServiceRequest.SetScheme("ftp") },
		"a path without a slash":          func(k *pdk.PDK) { _ = k.ServiceRequest.SetPath("x") },
		"an unknown method":               func(k *pdk.PDK) { _ = k.ServiceRequest.SetMethod("BREW") },
		"an argument without a value":     func(k *pdk.PDK) { _, _ = k.Request.GetQueryArg("y") },
		"a consumer by something else":    func(k *pdk.PDK) { _, _ = k.Client.LoadConsumer("bob", false) },
		"a port that is too large":        func(k *pdk.PDK) { _ = k.Service.SetTarget("h", 70000) },
		"too large a number of arguments": func(k *pdk.PDK) { _, _ = k.Request.GetQuery(2000) },
	}
	for name, handler := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := talk(t, sample(), handler)
			var raised *Raised
			if !errors.As(err, &raised) {
				t.Errorf("got %v, want a raised error", err)
			}
		})
	}
}

func TestLuaNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 200: "200", 1e6: "1000000", 1.5: "1.5", -3: "-3", 1e15: "1e+15", 0.1: "0.1"} {
		if got := LuaNumber(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

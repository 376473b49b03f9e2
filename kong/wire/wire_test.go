package wire

import (
	"bytes"
	"errors"
	"testing"

	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
)

func TestAppendValue_generatedTypesReadIt(t *testing.T) {
	cases := map[string]struct{ in, want any }{
		"a string":               {"x", "x"},
		"an empty string":        {"", ""},
		"zero":                   {0.0, 0.0},
		"a number":               {7.0, 7.0},
		"false":                  {false, false},
		"nil is null":            {nil, nil},
		"a list":                 {[]any{"a", "b"}, []any{"a", "b"}},
		"an empty list":          {[]any{}, map[string]any{}},
		"a list ends at nil":     {[]any{"a", nil, "b"}, []any{"a"}},
		"a record with a record": {map[string]any{"a": map[string]any{"b": true}}, map[string]any{"a": map[string]any{"b": true}}},
		"a long record":          {Table{{"k", string(bytes.Repeat([]byte("x"), 300))}}, map[string]any{"k": string(bytes.Repeat([]byte("x"), 300))}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var v structpb.Value
			if err := proto.Unmarshal(AppendValue(nil, tc.in), &v); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, v.AsInterface()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeValue_asLuaReadsIt(t *testing.T) {
	cases := map[string]struct {
		in   *structpb.Value
		want any
	}{
		"false is nil":      {structpb.NewBoolValue(false), nil},
		"null has a name":   {structpb.NewNullValue(), NullName},
		"no kind is nil":    {&structpb.Value{}, nil},
		"a nested list":     {structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewNumberValue(1)}}), []any{1.0}},
		"false in a record": {structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{"a": structpb.NewBoolValue(false)}}), map[string]any{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b, err := proto.Marshal(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodeValue(b)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeValue_depthIsBounded(t *testing.T) {
	b := AppendValue(nil, "x")
	for range 300 {
		b = AppendNested(nil, ValueList, func(dst []byte) []byte {
			return AppendNested(dst, listValues, func(dst []byte) []byte { return append(dst, b...) })
		})
	}
	if _, err := DecodeValue(b); !errors.Is(err, ErrTooDeep) {
		t.Errorf("got %v, want ErrTooDeep", err)
	}
}

func TestEntities_generatedTypesReadThem(t *testing.T) {
	var route kong_plugin_protocol.Route
	err := proto.Unmarshal(AppendRoute(nil, &Route{
		ID: "i", Name: "n", CreatedAt: 1, UpdatedAt: 2, Protocols: []string{"http"}, Methods: []string{"GET"}, Hosts: []string{"h"},
		Paths: []string{"/p"}, HTTPSRedirectStatusCode: 426, RegexPriority: 3, StripPath: true, PreserveHost: true,
		SNIs: []string{"s"}, Tags: []string{"t"}, ServiceID: "sid",
	}), &route)
	if err != nil {
		t.Fatal(err)
	}
	wantRoute := &kong_plugin_protocol.Route{
		Id: "i", Name: "n", CreatedAt: 1, UpdatedAt: 2, Protocols: []string{"http"}, Methods: []string{"GET"}, Hosts: []string{"h"},
		Paths: []string{"/p"}, HttpsRedirectStatusCode: 426, RegexPriority: 3, StripPath: true, PreserveHost: true,
		Snis: []string{"s"}, Tags: []string{"t"}, Service: &kong_plugin_protocol.ServiceKey{Id: "sid"},
	}
	if diff := cmp.Diff(wantRoute, &route, protocmp.Transform()); diff != "" {
		t.Errorf("route (-want +got):\n%s", diff)
	}
	var service kong_plugin_protocol.Service
	err = proto.Unmarshal(AppendService(nil, &Service{
		ID: "i", Name: "n", CreatedAt: 1, UpdatedAt: 2, Protocol: "https", Host: "h", Port: 443, Path: "/", Retries: 5,
		ConnectTimeout: 1, WriteTimeout: 2, ReadTimeout: 3, Tags: []string{"t"},
	}), &service)
	if err != nil {
		t.Fatal(err)
	}
	wantService := &kong_plugin_protocol.Service{
		Id: "i", Name: "n", CreatedAt: 1, UpdatedAt: 2, Protocol: "https", Host: "h", Port: 443, Path: "/", Retries: 5,
		ConnectTimeout: 1, WriteTimeout: 2, ReadTimeout: 3, Tags: []string{"t"},
	}
	if diff := cmp.Diff(wantService, &service, protocmp.Transform()); diff != "" {
		t.Errorf("service (-want +got):\n%s", diff)
	}
}

func FuzzValue(f *testing.F) {
	f.Add(AppendValue(nil, map[string]any{"a": []any{"b", 1.0, true}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := DecodeValue(b)
		if err != nil {
			return
		}
		again, err := DecodeValue(AppendValue(nil, v))
		if err != nil {
			t.Fatalf("%#v does not survive: %v", v, err)
		}
		if a, b := AppendValue(nil, v), AppendValue(nil, again); !bytes.Equal(a, b) {
			t.Errorf("%#v became %#v", v, again)
		}
		_, _, _ = DecodeKV(b)
		_, _ = DecodeExit(b)
		_, _ = DecodeReturn(b)
	})
}

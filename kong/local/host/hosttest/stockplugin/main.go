// Command stockplugin is a Kong plugin on go-pdk's own plugin server, as most
// users write them: it reads a delivery call by call, checks a GitHub signature
// and answers or goes on. The tests and benchmarks of the host side run it, so
// that the host is proved against a server that this project did not write.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/Kong/go-pdk"
	"github.com/Kong/go-pdk/server"
)

// Config is the plugin's config; go-pdk derives the Kong schema from it.
type Config struct {
	Secret string `json:"secret"`
	// Mode is what happens to a good delivery: "exit", "continue", "read" (go on
	// after the reads of webhook-verify and the HMAC), "report" (answer with
	// what was read), "memory" (answer with the process's count of heap
	// allocations) or "panic".
	Mode string `json:"mode"`
}

// report is the answer of mode "report".
type report struct {
	Headers map[string][]string `json:"headers"`
	Errors  []string            `json:"errors"`
	Length  int                 `json:"length"`
	Sum     string              `json:"sum"`
	Shared  string              `json:"shared"`
	Route   string              `json:"route"`
	Pid     int                 `json:"pid"`
}

func main() {
	if err := server.StartServer(func() any { return &Config{} }, "1.0.0", 900); err != nil {
		log.Fatal(err)
	}
}

// Access is called by go-pdk for Kong's access phase.
func (c Config) Access(kong *pdk.PDK) {
	if c.Mode == "panic" {
		panic("asked to panic")
	}
	switch c.Mode {
	case "memory":
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		kong.Response.Exit(200, strconv.AppendUint(nil, m.Mallocs, 10), jsonHeaders())
		return
	case "read":
		c.read(kong)
		return
	}
	r, id := c.readAll(kong)
	if c.Mode == "report" {
		c.answerReport(kong, r)
		return
	}
	signature, err := kong.Request.GetHeader("x-hub-signature-256")
	if err != nil || c.Secret == "" || !hmac.Equal([]byte(strings.TrimPrefix(signature, "sha256=")), []byte(r.Sum)) {
		kong.Response.Exit(401, []byte(`{"error":"unauthorized"}`), jsonHeaders())
		return
	}
	if err := kong.Response.SetHeader("Webhook-Verified", id); err != nil {
		log.Print(err)
	}
	if c.Mode == "exit" {
		kong.Response.Exit(200, []byte(`{"ok":true}`), jsonHeaders())
	}
}

// readAll makes one call after the other, as the PDK invites to, and notes what
// fails.
func (c Config) readAll(kong *pdk.PDK) (r report, id string) {
	fail := func(what string, err error) {
		if err != nil {
			r.Errors = append(r.Errors, what+": "+err.Error())
		}
	}
	var err error
	r.Headers, err = kong.Request.GetHeaders(100)
	fail("headers", err)
	body, err := kong.Request.GetRawBody()
	fail("body", err)
	_, err = kong.Request.GetMethod()
	fail("method", err)
	_, err = kong.Request.GetPathWithQuery()
	fail("path", err)
	_, err = kong.Client.GetForwardedIp()
	fail("ip", err)
	id, err = kong.Nginx.GetVar("kong_request_id")
	fail("id", err)
	r.Length = len(body)
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write(body)
	r.Sum = hex.EncodeToString(mac.Sum(nil))
	return r, id
}

// read asks for just what webhook-verify asks for and checks the signature, the
// least that a stock plugin can do in its place.
func (c Config) read(kong *pdk.PDK) {
	headers, err := kong.Request.GetHeaders(1000)
	_, err1 := kong.Request.GetMethod()
	_, err2 := kong.Request.GetPathWithQuery()
	_, err3 := kong.Client.GetForwardedIp()
	_, err4 := kong.Nginx.GetVar("kong_request_id")
	_, err5 := kong.Router.GetRoute()
	body, err6 := kong.Request.GetRawBody()
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write(body)
	signature := headers["x-hub-signature-256"]
	got, err7 := hex.DecodeString(strings.TrimPrefix(strings.Join(signature, ""), "sha256="))
	if err := errors.Join(err, err1, err2, err3, err4, err5, err6, err7); err != nil || len(signature) != 1 || !hmac.Equal(got, mac.Sum(nil)) {
		kong.Response.Exit(401, []byte(`{"error":"unauthorized"}`), jsonHeaders())
	}
}

func jsonHeaders() map[string][]string {
	return map[string][]string{"Content-Type": {"application/json"}}
}

func (c Config) answerReport(kong *pdk.PDK, r report) {
	if err := kong.Ctx.SetShared("stock", "verified"); err != nil {
		r.Errors = append(r.Errors, "set shared: "+err.Error())
	}
	shared, err := kong.Ctx.GetSharedString("stock")
	if err != nil {
		r.Errors = append(r.Errors, "get shared: "+err.Error())
	}
	route, err := kong.Router.GetRoute()
	if err != nil {
		r.Errors = append(r.Errors, "route: "+err.Error())
	}
	r.Shared, r.Route, r.Pid = shared, route.Name, os.Getpid()
	out, err := json.Marshal(r)
	if err != nil {
		log.Fatal(err)
	}
	kong.Response.Exit(200, out, jsonHeaders())
}

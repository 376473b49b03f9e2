package kong_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/ratelimit/redistest"
)

// TestRedis_takesItsPasswordOnly runs the command of the compose file, on a socket of the
// test, with a password that shells and configuration files read in ways of their own.
func TestRedis_takesItsPasswordOnly(t *testing.T) {
	redistest.Need(t)
	const password = "a'b \"c\\d $e #f\t`g`"
	given := passwords()
	given["REDIS_PASSWORD"] = password
	service := project(t, given).Services["redis"]
	dir := t.TempDir()
	socket := filepath.Join(dir, "s")
	ctx, stop := context.WithCancel(t.Context())
	command := append(service.Command, "--port", "0", "--unixsocket", socket)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "REDIS_PASSWORD="+environment(t, project(t, given), "redis")["REDIS_PASSWORD"])
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = cmd.Wait() }) // killed
	cases := map[string]struct{ auth, want string }{
		"the password":   {password, "+OK +PONG"},
		"another":        {"of-the-test", "-WRONGPASS -NOAUTH"},
		"the hash of it": {"#", "-WRONGPASS -NOAUTH"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := ping(t, socket, tc.auth); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
	if text := strings.Join(cmd.Args, " "); strings.Contains(text, password) {
		t.Error("the password stands on the command line")
	}
}

// ping says what Redis answers to a password and then to PING.
func ping(t *testing.T, socket, password string) string {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "unix", socket)
	for err != nil && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
		conn, err = dialer.DialContext(t.Context(), "unix", socket)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n*1\r\n$4\r\nPING\r\n", len(password), password); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	var answers []string
	for range 2 {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, strings.Fields(line)[0])
	}
	return strings.Join(answers, " ")
}

package e2e

import (
	"strings"
	"testing"
	"time"
)

func TestLog_causeOfAWrongSignature(t *testing.T) {
	g := startGateway(t, one("github", ""), nil)
	s := senders()["github"]
	body := s.body("") + "with-a-word-of-the-body"
	if r := g.post(s, s.sign(s.secret, "cause", body, time.Now()), body+"\n"); r.status != 401 {
		t.Fatalf("%+v", r)
	}
	eventually(t, "the cause is in the log", func() bool { return strings.Contains(g.logged(), `"cause":"The body has a line end behind it`) })
	if r := g.post(s, s.sign("a-secret-of-somebody-else", "cause", body, time.Now()), body); r.status != 401 {
		t.Fatalf("%+v", r)
	}
	eventually(t, "both refusals are in the log", func() bool { return strings.Count(g.logged(), `"code":"signature_invalid"`) == 2 })
	if n := strings.Count(g.logged(), `"cause":`); n != 1 {
		t.Errorf("%d causes; the other refusal is a forgery", n)
	}
	for _, hidden := range []string{s.secret, "with-a-word-of-the-body"} {
		if strings.Contains(g.logged(), hidden) {
			t.Errorf("the log shows %q", hidden)
		}
	}
}

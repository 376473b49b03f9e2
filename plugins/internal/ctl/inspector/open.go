package inspector

import (
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Open shows the page in the browser of the user. Command lines are in everybody's process
// list, and the address holds the token: the browser is given a file of the user's own that
// leads there. remove ends that file.
func Open(ctx context.Context, url string) (remove func() error, err error) {
	dir, err := os.MkdirTemp("", "webhookctl-inspector")
	if err != nil {
		return nil, err
	}
	remove = func() error { return os.RemoveAll(dir) }
	file := filepath.Join(dir, "inspector.html")
	text := fmt.Sprintf("<!doctype html><meta charset=utf-8><meta name=referrer content=no-referrer><meta http-equiv=refresh content=\"0;url=%[1]s\"><a href=\"%[1]s\">Inspector</a>\n", html.EscapeString(url))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, errors.Join(err, remove())
	}
	command := opener(runtime.GOOS)
	if err := exec.CommandContext(context.WithoutCancel(ctx), command[0], append(command[1:], file)...).Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("no browser can be opened: %w", err), remove())
	}
	return remove, nil
}

// opener is the command that opens a file as the user's desktop does.
func opener(system string) []string {
	switch system {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	return []string{"xdg-open"}
}

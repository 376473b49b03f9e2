//go:build !linux

package process

import "syscall"

// childAttributes keeps a terminal's Ctrl-C away from the child. There is no
// parent-death signal outside Linux.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

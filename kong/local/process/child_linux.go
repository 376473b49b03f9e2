package process

import "syscall"

// childAttributes ends the child with its parent, and keeps a terminal's Ctrl-C
// away from it so that the parent can drain first.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
}

package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// disk is a file system of its own, whose power can be cut. Its block device is a file
// in memory behind a loop device, so that a sync costs nothing.
type disk struct {
	t     testing.TB
	dir   string // where it is mounted
	image string
}

// noDisk says why a test, or a part of it, is left out.
const noDisk = "NO DISK OF ITS OWN can be mounted (that needs root, loop devices and mkfs.ext4)"

// needDisk is newDisk for a test that is nothing without one.
func needDisk(t testing.TB, bytes int64) *disk {
	t.Helper()
	d := newDisk(t, bytes)
	if d == nil {
		notTested(t, noDisk)
	}
	return d
}

// newDisk mounts a new disk. It returns nil where that is not possible, which fails
// the test where CI is set.
func newDisk(t testing.TB, bytes int64) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir()}
	if err := d.create(t.TempDir(), bytes); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s, and CI must cut its power: %v", noDisk, err)
		}
		t.Logf("%s: no power is cut and no disk is full: %v", noDisk, err)
		return nil
	}
	return d
}

// create makes the disk with its image in memory.
func (d *disk) create(memory string, bytes int64) error {
	const overhead = 1 << 20
	if err := syscall.Mount("tmpfs", memory, "tmpfs", 0, fmt.Sprintf("size=%d", bytes+overhead)); err != nil {
		return err
	}
	d.t.Cleanup(func() { _ = syscall.Unmount(memory, syscall.MNT_DETACH) })
	d.image = filepath.Join(memory, "image")
	f, err := os.Create(d.image)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Truncate(bytes), f.Close()); err != nil {
		return err
	}
	if err := command("mkfs.ext4", "-q", "-F", "-m", "0", "-J", "size=4", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", d.image); err != nil {
		return err
	}
	d.t.Cleanup(func() { _ = syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	return d.mount()
}

// mount uses a loop device that goes away with the mount.
func (d *disk) mount() error { return command("mount", "-t", "ext4", "-o", "loop", d.image, d.dir) }

func command(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// ext4Shutdown is EXT4_IOC_SHUTDOWN, and noFlush its EXT4_GOING_FLAGS_NOLOGFLUSH
// (Linux, fs/ext4/ext4.h).
const (
	ext4Shutdown = 0x8004587d
	noFlush      = 2
)

// cut cuts the power: from now on nothing reaches the block device, not even
// what is in the page cache or in an open transaction of ext4's journal.
func (d *disk) cut() {
	d.t.Helper()
	f, err := os.Open(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	flags := uint32(noFlush)
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), ext4Shutdown, uintptr(unsafe.Pointer(&flags)))
	if err := f.Close(); errno != 0 || err != nil {
		d.t.Fatal(errno, err)
	}
}

// restore restores the power. No process may have a file of the disk open; one that was
// killed may need a moment to end. What was on the block device
// is there again, and ext4 recovers by its journal.
func (d *disk) restore() {
	d.t.Helper()
	var err error
	eventually(d.t, "the disk is mounted again", func() bool {
		if err = syscall.Unmount(d.dir, 0); err != nil && !errors.Is(err, syscall.EINVAL) { // not mounted
			return false
		}
		err = d.mount()
		return err == nil
	})
}

// fill takes all the space of the disk until free is called.
func (d *disk) fill() (free func()) {
	d.t.Helper()
	path := filepath.Join(d.dir, "filler")
	f, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	at := int64(0)
	for block := int64(64 << 20); block >= 4<<10; {
		switch err := syscall.Fallocate(int(f.Fd()), 0, at, block); {
		case err == nil:
			at += block
		case errors.Is(err, syscall.ENOSPC):
			block /= 2
		default:
			d.t.Fatal(err)
		}
	}
	return func() {
		d.t.Helper()
		if err := errors.Join(f.Close(), os.Remove(path), syncPath(d.dir)); err != nil { // a cut of power is not to bring it back
			d.t.Fatal(err)
		}
	}
}

// freezeProcesses stops processes and waits until none of their threads runs. Some may
// have ended already.
func freezeProcesses(t testing.TB, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
	eventually(t, "the processes stand still", func() bool {
		return !slices.ContainsFunc(pids, runs)
	})
}

// runs reports whether a thread of a process is neither stopped nor ended.
func runs(pid int) bool {
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(stats, func(path string) bool {
		text, err := os.ReadFile(path)
		if err != nil {
			return false
		}
		// The state stands behind the name, which is in brackets and may have some itself.
		rest := string(text[strings.LastIndexByte(string(text), ')')+1:])
		return !strings.ContainsAny(rest[:2], "TZX")
	})
}

// TestPowerCut_losesUnsyncedWrites shows that a cut disk loses what was not synced.
func TestPowerCut_losesUnsyncedWrites(t *testing.T) {
	d := needDisk(t, 16<<20)
	write := func(name, text string, sync bool) {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(d.dir, name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteString(text)
		if sync {
			err = errors.Join(err, f.Sync(), syncPath(d.dir))
		}
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(d.dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return string(text)
	}
	for range 3 { // a disk goes through several
		write("synced", "kept.", true)
		write("synced", "lost.", false)
		write("unsynced", strings.Repeat("lost.", 1000), false)
		before := read("synced")
		d.cut()
		if err := os.WriteFile(filepath.Join(d.dir, "late"), nil, 0o600); !errors.Is(err, syscall.EIO) {
			t.Errorf("a write after the cut: %v", err)
		}
		d.restore()
		if got, want := read("synced"), strings.TrimSuffix(before, "lost."); got != want || read("unsynced") != "" {
			t.Errorf("there is %q and %q after the cut, want %q and nothing", got, read("unsynced"), want)
		}
	}
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func TestDisk_full(t *testing.T) {
	d := needDisk(t, 16<<20)
	write := func() error {
		f, err := os.Create(filepath.Join(d.dir, "file"))
		if err != nil {
			return err
		}
		_, err = f.Write(make([]byte, 64<<10))
		return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
	}
	free := d.fill()
	if err := write(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a write to a full disk: %v", err)
	}
	free()
	if err := write(); err != nil {
		t.Error(err)
	}
	d.cut()
	d.restore()
}

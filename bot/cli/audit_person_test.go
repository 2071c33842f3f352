package cli_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// outOf runs a command as the system would show it to somebody who logged in as user 2
// ("bin" on Debian), in a machine whose journal is the socket in dir, or has none.
func (o *office) outOf(journal string, args ...string) (stdout, stderr string) {
	o.t.Helper()
	if os.Geteuid() != 0 {
		o.t.Skip("only root can log somebody in and give the machine a journal")
	}
	script := `echo 2 > /proc/self/loginuid || exit 99; mount -t tmpfs none /run || exit 99
		if [ -n "$1" ]; then mkdir -p /run/systemd/journal && mount --bind "$1" /run/systemd/journal || exit 99; fi; shift; exec "$@"`
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "unshare", append([]string{"-m", "sh", "-c", script, "sh", journal, os.Args[0]}, append(args, "--config", o.config)...)...)
	cmd.Dir, cmd.Env = o.dir, append(os.Environ(), serverKey+"="+o.address, "SUDO_USER=")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if cmd.ProcessState.ExitCode() == 99 || cmd.ProcessState.ExitCode() == 1 && strings.Contains(errs.String(), "unshare") {
			o.t.Skipf("this machine does not allow it: %s", errs.String())
		}
	}
	return out.String(), errs.String()
}

// The audit names who logged in, whoever the process belongs to, and the journal has
// a copy that nobody but root can change. Of citizens it holds nothing.
func TestAuditNamesThePerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	dir, err := os.MkdirTemp("/dev/shm", "journal-") // the name of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	journal, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "socket"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	o.outOf(dir, "subscribers", "show", mariaNumber)
	lines := o.auditLines()
	if len(lines) != 1 || !strings.Contains(lines[0], `user="root" login_user="bin" command="subscribers show" people=1`) {
		t.Errorf("the audit: %q", lines)
	}
	entry := make([]byte, 4096)
	if err := journal.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	n, err := journal.Read(entry)
	if err != nil {
		t.Fatal(err)
	}
	text := string(entry[:n])
	must(t, text, "MESSAGE=people's data: user=\"root\" login_user=\"bin\" command=\"subscribers show\" people=1\n", "PRIORITY=5\n",
		"SYSLOG_FACILITY=10\n", "SYSLOG_IDENTIFIER=banditore\n", "BANDITORE_COMMAND=subscribers show\n", "BANDITORE_PEOPLE=1\n")
	for _, secret := range []string{mariaNumber[1:], mariaLID, "Maria", "Zanzottera"} {
		if strings.Contains(text, secret) {
			t.Errorf("the journal has %q: %s", secret, text)
		}
	}
	stdout, _ := o.outOf(dir, "check")
	must(t, stdout, "a copy in the system's journal")
}

// Without a journal the audit is kept all the same, and `check` says against whom that
// does not help. One that takes nothing holds nobody up.
func TestAuditWithoutAJournal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	stdout, stderr := o.outOf("", "subscribers", "count")
	if stdout != "2\n" || stderr != "" {
		t.Errorf("says %q and %q", stdout, stderr)
	}
	stdout, stderr = o.outOf("", "subscribers", "list")
	must(t, stdout, mariaNumber)
	if stderr != "" || len(o.auditLines()) != 1 {
		t.Errorf("says %q, notes %q", stderr, o.auditLines())
	}
	stdout, _ = o.outOf("", "check")
	must(t, stdout, "audit.log alone")

	dir, err := os.MkdirTemp("/dev/shm", "journal-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	dead, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "socket"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close() // nobody reads
	full, err := net.Dial("unixgram", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for range 100_000 {
		if err := full.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if _, err := full.Write([]byte("MESSAGE=x\n")); err != nil {
			break
		}
	}
	stdout, stderr = o.outOf(dir, "subscribers", "list")
	must(t, stdout, mariaNumber)
	must(t, stderr, "The journal of the system has no copy")
}

// The audit is begun anew when it has grown large, and a backup or a restore leaves it
// as it is.
func TestAuditIsBounded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	log := filepath.Join(o.dir, "data", "audit.log")
	writeFile(t, log, strings.Repeat("2026-01-01T00:00:00Z user=\"x\" command=\"subscribers list\" people=1\n", 20_000))
	o.banditore(0, "subscribers", "list")
	if lines := o.auditLines(); len(lines) != 1 {
		t.Errorf("%d lines", len(lines))
	}
	old, err := os.ReadFile(log + ".1")
	if err != nil || strings.Count(string(old), "\n") != 20_000 {
		t.Errorf("the file before it: %d bytes, %v", len(old), err)
	}
	backup := filepath.Join(o.dir, "backup.db")
	o.banditore(0, "backup", backup)
	o.banditore(0, "restore", "--yes", backup)
	if again, err := os.ReadFile(log + ".1"); err != nil || string(again) != string(old) {
		t.Errorf("changed: %v", err)
	}
}

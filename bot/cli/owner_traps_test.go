package cli_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/store"
)

// trap is something in the place of a file of the data directory.
type trap struct {
	name string
	set  func(path string, p *place) error
}

func (p *place) outside(name string) string { return filepath.Join(p.dir, "outside", name) }

// traps are what somebody who could write in the directory once may have left there,
// as the service's user or through a group.
func traps() []trap {
	theirs := func(path string) error { return os.Lchown(path, nobody, nobody) }
	return []trap{
		{"a link to root's", func(path string, p *place) error {
			return errors.Join(os.Symlink(p.outside("roots"), path), theirs(path))
		}},
		{"a link to their own", func(path string, p *place) error {
			return errors.Join(os.Symlink(p.outside("theirs"), path), theirs(path))
		}},
		{"a link to nowhere", func(path string, p *place) error {
			return errors.Join(os.Symlink(p.outside("new"), path), theirs(path))
		}},
		{"a hard link to root's", func(path string, p *place) error { return os.Link(p.outside("roots"), path) }},
		{"a hard link to their own", func(path string, p *place) error { return os.Link(p.outside("theirs"), path) }},
		{"a pipe", func(path string, _ *place) error { return errors.Join(syscall.Mkfifo(path, 0o600), theirs(path)) }},
		{"a socket", func(path string, p *place) error {
			short := fmt.Sprintf("/dev/shm/s%d", os.Getpid()) // the name of a socket is short
			l, err := net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
			if err != nil {
				return err
			}
			l.SetUnlinkOnClose(false)
			return errors.Join(l.Close(), os.Rename(short, path), theirs(path))
		}},
		{"root's", func(path string, _ *place) error { return os.WriteFile(path, nil, 0o666) }},
		{"a third user's", func(path string, _ *place) error {
			return errors.Join(os.WriteFile(path, nil, 0o666), os.Lchown(path, 2, 2))
		}},
	}
}

// datadirFiles are the names of all that is ever in a data directory.
func datadirFiles() []string {
	names := []string{"banditore.lock", "session.lock", "forgotten", "forgotten.new", "audit.log", "audit.log.1", ".writable-1"}
	for _, database := range []string{"store.db", "store.db.restoring", "session.db", "session.db.parked"} {
		names = append(names, database, database+"-wal", database+"-shm", database+"-journal")
	}
	return names
}

// G10: root, and the service itself, open nothing in the data directory that is not a
// file of the service's user: no command reads, makes, cuts or changes anything
// elsewhere, or hangs, and each says which file is wrong.
func TestG10_EveryFileOfTheDirectoryAsATrap(t *testing.T) {
	t.Parallel()
	p := trappedPlace(t)
	commands := [][]string{
		{"status"}, {"check"}, {"run"}, {"pair"}, {"unpair", "--yes"}, {"subscribers", "list"}, {"subscribers", "count"}, {"subscribers", "show", mariaNumber},
		{"subscribers", "export", "--output", "backups/x.csv"}, {"subscribers", "erase", mariaNumber}, {"subscribers", "import", "--yes", "people.csv"},
		{"announcements", "list"}, {"messages"}, {"backup", "backups/x.db"}, {"restore", "--yes", "backups/good.db"}, {"subscribers", "handover", "--yes"},
	}
	before := p.pictureOf("outside")
	n := 0
	for _, name := range datadirFiles() {
		path := filepath.Join(p.dir, "data", name)
		for _, trap := range traps() {
			p.aside(path)
			if err := trap.set(path, p); err != nil {
				t.Fatalf("%s: %v", trap.name, err)
			}
			here := p.pictureOf("outside")
			for _, as := range []string{"root", "the service"} {
				args := commands[n%len(commands)]
				n++
				out, code := p.limited(as, args...)
				if code != cli.ExitData || !strings.Contains(out, path) || strings.Contains(out, "a secret") {
					t.Errorf("%s as %s, %s is %s: exit code %d\n%s", args, as, name, trap.name, code, out)
				}
			}
			if now := p.pictureOf("outside"); now != here {
				t.Errorf("%s is %s: outside was\n%s\nand is\n%s", name, trap.name, here, now)
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			p.back(path)
		}
	}
	if now := p.pictureOf("outside"); now != before {
		t.Errorf("outside was\n%s\nand is\n%s", before, now)
	}
	if out, code := p.limited("root", "subscribers", "count"); code != 0 {
		t.Errorf("without a trap: exit code %d\n%s", code, out)
	}
}

// A folder in the place of a file is in the way of what needs the file, and no more.
func TestG10_FolderInThePlaceOfAFile(t *testing.T) {
	t.Parallel()
	p := trappedPlace(t)
	for _, name := range datadirFiles() {
		path := filepath.Join(p.dir, "data", name)
		p.aside(path)
		if err := errors.Join(os.Mkdir(path, 0o700), os.Lchown(path, nobody, nobody)); err != nil {
			t.Fatal(err)
		}
		for _, as := range []string{"root", "the service"} {
			for _, args := range [][]string{{"subscribers", "list"}, {"backup", "backups/" + as + name}} {
				out, code := p.limited(as, args...)
				if code != 0 && (code != cli.ExitData || !strings.Contains(out, path)) {
					t.Errorf("%s as %s, %s is a folder: exit code %d\n%s", args, as, name, code, out)
				}
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		p.back(path)
	}
}

// G10: a file of ours that others may read or write is closed to them by the first
// command, whoever types it.
func TestG10_FilesThatOthersMayUse(t *testing.T) {
	t.Parallel()
	p := trappedPlace(t)
	for _, as := range []string{"root", "the service"} {
		for _, name := range []string{"store.db", "session.db", "banditore.lock", "session.lock", "forgotten", "audit.log", "audit.log.1", "session.db.parked", "store.db-wal"} {
			path := filepath.Join(p.dir, "data", name)
			f, err := os.OpenFile(path, os.O_CREATE, 0o666)
			if err == nil {
				err = errors.Join(f.Chmod(0o666), f.Chown(nobody, nobody), f.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
			if out, code := p.limited(as, "subscribers", "count"); code != 0 {
				t.Errorf("%s as %s: exit code %d\n%s", name, as, code, out)
			}
			if info, err := os.Stat(path); err == nil && info.Mode() != 0o600 {
				t.Errorf("%s as %s: %v", name, as, info.Mode())
			}
		}
	}
}

// G10: root does what a configuration says only if nobody else could write it.
func TestG10_ConfigurationOfAnother(t *testing.T) {
	t.Parallel()
	p := trappedPlace(t)
	config := filepath.Join(p.dir, "config.yaml")
	for _, c := range []struct {
		uid  int
		mode fs.FileMode
		code int
		says string
	}{
		{0, 0o644, 0, ""}, {nobody, 0o600, 0, ""}, // whom root becomes
		{2, 0o644, cli.ExitUsage, "can be changed by"}, {0, 0o666, cli.ExitUsage, "chmod go-w " + config},
	} {
		if err := errors.Join(os.Lchown(config, c.uid, c.uid), os.Chmod(config, c.mode)); err != nil {
			t.Fatal(err)
		}
		if out, code := p.limited("root", "subscribers", "count"); code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("of %d, %v: exit code %d\n%s", c.uid, c.mode, code, out)
		}
	}
}

// Root's own directory for temporary files is not the service's.
func TestG10_TemporaryFilesOfRoot(t *testing.T) {
	t.Parallel()
	p := trappedPlace(t)
	if err := os.Mkdir(filepath.Join(p.dir, "roots-tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.env = []string{"TMPDIR=" + filepath.Join(p.dir, "roots-tmp")}
	if out, _ := p.limited("root", "pair", "--rehearse"); strings.Contains(out, "TMPDIR") || !strings.Contains(out, "WhatsApp non è raggiungibile") {
		t.Errorf("uses root's:\n%s", out)
	}
}

// trappedPlace is an ownedPlace with a list, a backup, and files outside.
func trappedPlace(t *testing.T) *place {
	t.Helper()
	p := ownedPlace(t)
	p.own("outside", 0o777)
	db, err := store.Open(t.Context(), filepath.Join(p.dir, "outside", "made"))
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(db.Backup(t.Context(), filepath.Join(p.dir, "backups", "good.db")), db.Close(), os.RemoveAll(p.outside("made")),
		os.Chown(filepath.Join(p.dir, "backups", "good.db"), nobody, nobody),
		os.WriteFile(p.outside("roots"), []byte("a secret of root's"), 0o600), os.WriteFile(p.outside("theirs"), []byte("a secret of theirs"), 0o600),
		os.Chmod(p.outside("theirs"), 0o644), os.Chown(p.outside("theirs"), nobody, nobody))
	if err != nil {
		t.Fatal(err)
	}
	p.write("people.csv", "number;given_name;family_name;comune;consent_at;consent\n")
	if err := os.Chmod(filepath.Join(p.dir, "people.csv"), 0o644); err != nil {
		t.Fatal(err)
	}
	p.copyProgram(filepath.Join(p.dir, "banditore"))
	if out, code := p.limited("root", "restore", "--yes", "backups/good.db"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	return p
}

// limited runs a command that must not hang, as root or as the service.
func (p *place) limited(as string, args ...string) (out string, code int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(p.dir, "banditore"), args...)
	cmd.Dir, cmd.Env = p.dir, append(append(os.Environ(), serverKey+"="+nowhere), p.env...)
	if as != "root" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	text, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		p.t.Fatalf("%q as %s hangs\n%s", args, as, text)
	}
	if err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// aside makes way for a trap, and back takes its place again.
func (p *place) aside(path string) {
	p.t.Helper()
	if err := os.Rename(path, filepath.Join(p.dir, "aside")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
}

func (p *place) back(path string) {
	p.t.Helper()
	if err := os.Rename(filepath.Join(p.dir, "aside"), path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
}

// pictureOf is all that can be seen of the files in a folder.
func (p *place) pictureOf(name string) string {
	p.t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.dir, name))
	if err != nil {
		p.t.Fatal(err)
	}
	var text strings.Builder
	for _, e := range entries {
		path := filepath.Join(p.dir, name, e.Name())
		info, err := os.Lstat(path)
		if err != nil {
			p.t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			p.t.Fatal(err)
		}
		s := info.Sys().(*syscall.Stat_t)
		fmt.Fprintf(&text, "%s %v %d %d %d %v %q\n", e.Name(), info.Mode(), s.Uid, s.Gid, s.Nlink, info.ModTime(), content)
	}
	return text.String()
}

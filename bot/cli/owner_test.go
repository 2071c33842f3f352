package cli_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"banditore/bot/cli"
)

const nobody = 65534

// ownedPlace is a place whose directories belong to a user who is not root.
func ownedPlace(t *testing.T) *place {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	p := newPlace(t)
	p.waits = true                                          // root's hands stay off the files
	for dir := p.dir; dir != "/"; dir = filepath.Dir(dir) { // t.TempDir lets nobody else in
		if info, err := os.Stat(dir); err != nil || info.Mode()&0o001 == 0 {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Chmod(filepath.Join(p.dir, "config.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"data", "spool", "backups"} {
		p.own(name, 0o700)
	}
	return p
}

func (p *place) own(name string, mode fs.FileMode) {
	p.t.Helper()
	dir := filepath.Join(p.dir, name)
	if err := os.Mkdir(dir, mode); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chown(dir, nobody, nobody); err != nil {
		p.t.Fatal(err)
	}
}

// strangers lists what belongs to anybody but the owner.
func (p *place) strangers() (list []string) {
	p.t.Helper()
	for _, dir := range []string{"data", "spool", "backups"} {
		err := filepath.WalkDir(filepath.Join(p.dir, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			if s := info.Sys().(*syscall.Stat_t); s.Uid != nobody {
				list = append(list, path)
			}
			return nil
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
	return list
}

// G10: whatever root types, no file in the service's directories becomes root's.
func TestG10_RootGoesOnAsTheOwner(t *testing.T) {
	t.Parallel()
	p := ownedPlace(t)
	p.pair()
	daemon := p.daemon()
	p.citizens(2)
	for _, args := range [][]string{
		{"check"}, {"status"}, {"status", "--json"}, {"announcements", "list"}, {"messages"}, {"subscribers", "list"}, {"subscribers", "count"},
		{"subscribers", "export", "--output", "backups/elenco.csv"}, {"subscribers", "show", "+393990000001"}, {"backup", "backups/a.db"}, {"version"},
		{"subscribers", "erase", "+393990000001"}, {"pair"},
	} {
		if stdout, stderr, code := p.run(args...); code != 0 {
			t.Errorf("%q: exit code %d\n%s%s", args, code, stdout, stderr)
		}
		if list := p.strangers(); len(list) > 0 {
			t.Fatalf("%q left files of root: %q", args, list)
		}
	}
	daemon.end(syscall.SIGTERM)
	for _, args := range [][]string{{"restore", "--yes", "backups/a.db"}, {"status"}, {"check"}, {"unpair", "--yes"}} {
		if stdout, stderr, code := p.run(args...); code != 0 && args[0] != "check" && args[0] != "status" {
			t.Errorf("%q: exit code %d\n%s%s", args, code, stdout, stderr)
		}
		if list := p.strangers(); len(list) > 0 {
			t.Fatalf("%q left files of root: %q", args, list)
		}
	}
	if log, err := os.ReadFile(filepath.Join(p.dir, "data", "audit.log")); err != nil || !strings.Contains(string(log), `user="nobody" sudo_user=`) {
		t.Errorf("the audit does not say who came: %v\n%s", err, log)
	}
}

// What the owner may not write is said, with what to do.
func TestG10_OwnerHasNoWayToTheFile(t *testing.T) {
	t.Parallel()
	p := ownedPlace(t)
	p.pair()
	if err := os.Mkdir(filepath.Join(p.dir, "root"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := p.run("backup", "root/a.db")
	if code == 0 || !strings.Contains(stderr, "went on as nobody") || !strings.Contains(stderr, "install -d -o nobody") {
		t.Errorf("exit code %d, says %q", code, stderr)
	}
}

// G10: a link in somebody's directory leads root nowhere.
func TestG10_RootFollowsNoOnesLinks(t *testing.T) {
	t.Parallel()
	p := ownedPlace(t)
	secret := filepath.Join(p.dir, "secret")
	if err := os.WriteFile(secret, []byte("root's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"store.db", "session.db", "banditore.lock", "audit.log", "forgotten", "store.db-wal", "session.lock"} {
		if err := os.Symlink(secret, filepath.Join(p.dir, "data", name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"pair"}, {"run"}, {"check"}, {"status"}, {"subscribers", "list"}, {"restore", "--yes", "elenco.db"}} {
		if stdout, stderr, code := p.run(args...); code == 0 || strings.Contains(stdout+stderr, "root's own") {
			t.Errorf("%q: exit code %d\n%s%s", args, code, stdout, stderr)
		}
	}
	info, err := os.Stat(secret)
	if err != nil || info.Mode() != 0o600 || info.Size() != int64(len("root's own")) || info.Sys().(*syscall.Stat_t).Uid != 0 {
		t.Errorf("the file behind the link is %v, %v", info, err)
	}
}

// G10: data_dir itself can be a link, of root's, and below what others own it is
// theirs or nobody's.
func TestG10_PathOfTheDataDirectory(t *testing.T) {
	t.Parallel()
	p := ownedPlace(t)
	link := func(target, name string, uid int) {
		t.Helper()
		path := filepath.Join(p.dir, name)
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
		if err := os.Lchown(path, uid, uid); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(p.dir, "roots"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(p.dir, "loose"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(p.dir, "loose"), 0o777); err != nil {
		t.Fatal(err)
	}
	link("../data/deeper/..", "spool/by-root", 0)
	link("data", "linked", 0)
	link(p.dir+"/roots", "data/to-root", nobody)
	link("loop", "loop", 0)
	for _, test := range []struct {
		dir  string
		code int
		says string
	}{
		{"linked", cli.ExitUnhealthy, ""},
		{"linked/new", cli.ExitUnhealthy, ""}, // as its owner
		{"data/to-root", cli.ExitUsage, "root, nobody"},
		{"loop", cli.ExitUsage, "links"},
		{"loose/data", cli.ExitUsage, "chmod go-w " + p.dir + "/loose"},
	} {
		p.write("config.yaml", strings.Replace(settings, "data_dir: data", "data_dir: "+test.dir, 1))
		if _, stderr, code := p.run("status"); code != test.code || !strings.Contains(stderr, test.says) {
			t.Errorf("%s: exit code %d, says %q", test.dir, code, stderr)
		}
	}
	if list := p.strangers(); !slices.Equal(list, []string{p.dir + "/spool/by-root"}) {
		t.Errorf("files of root: %q", list)
	}
}

// The service says the line to type when it finds what root has left.
func TestG10_FilesOfAnother(t *testing.T) {
	t.Parallel()
	p := ownedPlace(t)
	p.pair()
	want := "chown -R nobody:nogroup " + p.dir + "/data"
	for _, name := range []string{"store.db", "session.db", "audit.log", "store.db-wal", ""} {
		path := filepath.Join(p.dir, "data", name)
		if _, err := os.Lstat(path); err != nil {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Lchown(path, 0, 0); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"run", "pair", "status", "check"} {
			stdout, stderr, code := p.asNobody(command)
			if code != cli.ExitData || !strings.Contains(stdout+stderr, want) {
				t.Errorf("%s, with %q of root's: exit code %d, says %q", command, name, code, stdout+stderr)
			}
		}
		if err := os.Lchown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	p.write("config.yaml", strings.Replace(settings, "data_dir: data", "data_dir: elsewhere", 1))
	if _, stderr, code := p.asNobody("pair"); code != cli.ExitData || !strings.Contains(stderr, "install -d -o nobody -g nogroup -m 0700 "+p.dir+"/elsewhere") {
		t.Errorf("exit code %d, says %q", code, stderr)
	}
}

// copyProgram puts this program where others can run it. Another process writes the
// copy: one that a test starts meanwhile would have our descriptor for a moment, and
// what is open for writing cannot be run.
func (p *place) copyProgram(to string) {
	p.t.Helper()
	if out, err := exec.Command("install", "-m", "755", os.Args[0], to).CombinedOutput(); err != nil {
		p.t.Fatalf("%v\n%s", err, out)
	}
}

// asNobody runs a command as the service does.
func (p *place) asNobody(args ...string) (stdout, stderr string, code int) {
	p.t.Helper()
	program := filepath.Join(p.dir, "banditore")
	if _, err := os.Lstat(program); err != nil {
		p.copyProgram(program)
	}
	var out, errs strings.Builder
	cmd := exec.CommandContext(p.t.Context(), program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, &out, &errs
	cmd.Env = append(os.Environ(), serverKey+"="+p.address)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

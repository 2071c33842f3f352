package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The two ways in which a clerk's drive can be shared: as the README says, with
// force user, and as somebody else of the service's group.
const (
	asService   = "spool"
	asColleague = "colleghi"
)

// smb is Debian's Samba on a loopback port. It shares the spool of a place, and
// keeps all that it writes in a directory of the test.
type smb struct {
	t     testing.TB
	conf  string
	port  int
	dir   string // for the files that clients put
	spool string // what is shared
}

const smbConf = `[global]
server role = standalone server
netbios name = SPORTELLO
disable netbios = yes
smb ports = %[1]d
interfaces = 127.0.0.1/8
bind interfaces only = yes
state directory = %[2]s
cache directory = %[2]s
lock directory = %[2]s
pid directory = %[2]s
private dir = %[2]s
ncalrpc dir = %[2]s/ncalrpc
passdb backend = tdbsam:%[2]s/passdb.tdb
log file = %[2]s/log
rpc start on demand helpers = no
map to guest = Bad User
load printers = no
printcap name = /dev/null
disable spoolss = yes
guest ok = yes
read only = no
[` + asService + `]
path = %[3]s
force user = %[4]s
[` + asColleague + `]
path = %[3]s
force user = nobody
force group = %[5]s
create mask = 0640
`

// share runs smbd in the foreground, in a group of its own, until the test ends.
func (p *place) share() *smb {
	p.t.Helper()
	if os.Getuid() != 0 {
		lacks(p.t, "smbd serves files for root only")
	}
	for _, name := range []string{"smbd", "smbclient"} {
		if _, err := exec.LookPath(name); err != nil {
			lacks(p.t, "no %s, which is in Debian's packages samba and smbclient", name)
		}
	}
	me, err := user.Current()
	if err != nil {
		p.t.Fatal(err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		p.t.Fatal(err)
	}
	// Its sockets have long names: a directory with a short one.
	state, err := os.MkdirTemp("", "smb")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { os.RemoveAll(state) })
	reachable(p.t, p.dir)
	s := &smb{t: p.t, conf: filepath.Join(state, "smb.conf"), port: freePort(p.t), dir: p.t.TempDir(), spool: filepath.Join(p.dir, "spool")}
	text := fmt.Sprintf(smbConf, s.port, state, s.spool, me.Username, group.Name)
	if err := os.WriteFile(s.conf, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	s.serve()
	return s
}

func (s *smb) serve() {
	s.t.Helper()
	cmd := exec.Command("smbd", "--foreground", "--no-process-group", "--debug-stdout", "--configfile="+s.conf)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // each connection is a child
	said, err := os.Create(s.conf + ".said")
	if err != nil {
		s.t.Fatal(err)
	}
	defer said.Close()
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	s.t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
	})
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for patience := time.After(time.Minute); ; {
		if s.client(asService, "ls").Run() == nil {
			return
		}
		select {
		case <-tick.C:
			continue
		case <-ended:
		case <-patience:
		}
		words, _ := os.ReadFile(said.Name())
		s.t.Fatalf("smbd does not serve:\n%s", tail(string(words)))
	}
}

// reachable lets others than root pass through the directories of a test.
func reachable(t testing.TB, dir string) {
	t.Helper()
	for ; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// client is a connection of its own that does what the commands say.
func (s *smb) client(share string, commands ...string) *exec.Cmd {
	args := []string{"--no-pass", "--configfile=" + s.conf, fmt.Sprintf("--port=%d", s.port), "//127.0.0.1/" + share}
	if len(commands) > 0 {
		args = append(args, "--command="+strings.Join(commands, "; "))
	}
	cmd := exec.Command("smbclient", args...)
	cmd.Dir = s.dir
	return cmd
}

// do runs commands to their end and returns what the client said. A "NT_STATUS"
// in it is an error: the exit code tells of the last command only.
func (s *smb) do(share string, commands ...string) (string, error) {
	out, err := s.client(share, commands...).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("NT_STATUS")) {
		return string(out), fmt.Errorf("smbclient %q: %w\n%s", commands, err, out)
	}
	return string(out), nil
}

// must is do that may not fail.
func (s *smb) must(t *testing.T, share string, commands ...string) string {
	t.Helper()
	out, err := s.do(share, commands...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// file makes a file for the client to put and returns its name.
func (s *smb) file(t *testing.T, content string) string {
	t.Helper()
	f, err := os.CreateTemp(s.dir, "put")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(content); err != nil {
		t.Fatal(err)
	}
	return filepath.Base(f.Name())
}

// get reads files of one folder through the share, over one connection.
func (s *smb) get(t *testing.T, share, folder string, names []string, suffix string) (contents []string) {
	t.Helper()
	if len(names) == 0 {
		return nil
	}
	var locals []string
	commands := []string{"cd " + folder}
	for _, name := range names {
		locals = append(locals, s.file(t, ""))
		commands = append(commands, fmt.Sprintf(`get "%s" %s`, name+suffix, locals[len(locals)-1]))
	}
	s.must(t, share, commands...)
	for _, local := range locals {
		b, err := os.ReadFile(filepath.Join(s.dir, local))
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(b))
	}
	return contents
}

// has looks into the folder itself.
func (s *smb) has(folder, name string) bool { return exists(filepath.Join(s.spool, folder, name)) }

// await waits until a file is in a folder.
func (s *smb) await(t *testing.T, folder, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !s.has(folder, name) {
		if err := tick(ctx); err != nil {
			t.Fatalf("%s never came to %s", name, folder)
		}
	}
}

// left lists the files in the folders in which none may stay.
func (s *smb) left(t *testing.T) (files []string) {
	t.Helper()
	for _, folder := range []string{"da_inviare", "urgenti", "in_invio", "scartati"} {
		entries, err := os.ReadDir(filepath.Join(s.spool, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			files = append(files, folder+"/"+e.Name())
		}
	}
	return files
}

// putOpen puts a file and keeps it open on the server: nothing is known of its
// end before this side closes it.
func (s *smb) putOpen(t *testing.T, share, name string, pieces []string, between time.Duration) {
	t.Helper()
	cmd := s.client(share, fmt.Sprintf(`iosize 16384; put /dev/stdin "%s"`, name))
	drip(t, cmd, pieces, between)
}

// putGrowing saves a file anew with every piece of it, as an editor does. It is
// closed after each.
func (s *smb) putGrowing(t *testing.T, share, name string, pieces []string, between time.Duration) {
	t.Helper()
	var commands []string
	for i := range pieces {
		commands = append(commands, fmt.Sprintf("put %s \"%s\"\n", s.file(t, strings.Join(pieces[:i+1], "")), name))
	}
	drip(t, s.client(share), commands, between)
}

// drip runs a client to which one piece after the other is said.
func drip(t *testing.T, cmd *exec.Cmd, pieces []string, between time.Duration) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(between)
	defer tick.Stop()
	for _, piece := range pieces {
		if _, err := io.WriteString(in, piece); err != nil {
			t.Errorf("the client hears no more: %v", err)
		}
		<-tick.C
	}
	in.Close()
	if err := cmd.Wait(); err != nil || strings.Contains(out.String(), "NT_STATUS") {
		t.Errorf("smbclient: %v\n%s", err, out.String())
	}
}

package cli_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
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
	for ; dir != "/"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && info.Mode()&1 == 0 {
			err = os.Chmod(dir, info.Mode()|0o011)
		}
		if err != nil {
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

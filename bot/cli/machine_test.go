package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"banditore/bot/whatsapp/whatsapptest"
)

// machineKey names, in the environment, the root of a Debian system that a test may
// change and start; `debootstrap --include=systemd-sysv,adduser bookworm DIR` makes one.
const machineKey = "TEST_MACHINE"

// The service can live in its unit's sandbox: a real systemd runs it, installed by the
// lines on the unit's top, and nobody notices. The minutes name a clerk who is neither
// the service nor root, so users are not hidden from it.
func TestUnitUnderSystemd(t *testing.T) {
	root := os.Getenv(machineKey)
	if root == "" {
		t.Skipf("it starts a whole system, and %s names none", machineKey)
	}
	p := openPlace(t)
	p.pair()
	m := &machine{t, root, p}
	m.install()
	spool := filepath.Join(root, "srv/banditore")
	m.boot()
	var people []*whatsapptest.Phone
	for i := range 3 {
		c := p.server.NewPhone(fmt.Sprintf("+39399%07d", i+1))
		people = append(people, c)
		c.Text(comune, fmt.Sprintf("Attiva Notizie Gianbattista Zanardelli%d Saronno", i))
		p.await(c, "Iscrizione attiva")
	}
	if pid := m.daemon(); !overwrites(t, pid) {
		t.Error("what is freed is not overwritten")
	}
	m.in("printf '%s\\n' '" + notice + "' > /tmp/acqua.txt && chown impiegata:banditore /tmp/acqua.txt && chmod 660 /tmp/acqua.txt")
	if err := os.Rename(filepath.Join(root, "tmp/acqua.txt"), filepath.Join(spool, "da_inviare/acqua.txt")); err != nil {
		t.Fatal(err)
	}
	for _, c := range people {
		p.await(c, notice)
	}
	people[0].Text(comune, "Disattiva Notizie")
	p.await(people[0], "cancellat")
	file := filepath.Join(spool, "inviati/acqua.txt.verbale.html")
	from, err := filepath.Rel(p.dir, file)
	if err != nil {
		t.Fatal(err)
	}
	p.awaitFile(from)
	minutes, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(minutes), "impiegata") {
		t.Errorf("the minutes do not name the clerk: %v\n%s", err, minutes)
	}
	for _, folder := range []string{"da_inviare", "urgenti", "inviati"} {
		if info, err := os.Stat(filepath.Join(spool, folder)); err != nil || info.Mode() != os.ModeDir|os.ModeSetgid|0o770 {
			t.Errorf("%s: %v, %v", folder, info.Mode(), err)
		}
	}
}

// machine is a Debian server.
type machine struct {
	t     *testing.T
	root  string
	place *place
}

// in has a line of shell carried out on the machine.
func (m *machine) in(line string) {
	m.t.Helper()
	cmd := exec.Command("chroot", m.root, "sh", "-ec", "cd /usr/src; "+line)
	cmd.Env = append(os.Environ(), serverKey+"="+m.place.address)
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatalf("%s: %v\n%s", line, err, out)
	}
}

// daemon is the process that the unit has started.
func (m *machine) daemon() (pid int) {
	m.t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		m.t.Fatal(err)
	}
	for _, line := range lines {
		if args, _ := os.ReadFile(line); string(args) == "/usr/local/bin/banditore\x00run\x00" {
			if _, err := fmt.Sscanf(line, "/proc/%d/cmdline", &pid); err != nil {
				m.t.Fatal(err)
			}
			return pid
		}
	}
	m.t.Fatal("no daemon runs")
	return 0
}

// put copies a file of this machine there.
func (m *machine) put(from, to string) {
	m.t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(to, string(content))
}

func (m *machine) write(to, content string) {
	m.t.Helper()
	to = filepath.Join(m.root, to)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(content), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// install does what the unit says, in its words, with this test's binary and the keys
// of the place that was paired.
func (m *machine) install() {
	m.t.Helper()
	m.in("rm -rf /srv/banditore /var/lib/banditore /etc/banditore; id impiegata >/dev/null 2>&1 || useradd -u 70001 impiegata; mkdir -p /var/log/journal")
	unit := filepath.Join(sources, "systemd/banditore.service")
	m.put(os.Args[0], "usr/src/banditore")
	m.put(unit, "usr/src/systemd/banditore.service")
	m.put(filepath.Join(sources, "config.example.yaml"), "usr/src/config.example.yaml")
	content, err := os.ReadFile(unit)
	if err != nil {
		m.t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(content), "# Change the group")
	for line := range strings.Lines(before) {
		if command, is := strings.CutPrefix(line, "#   "); is {
			m.in(command)
		}
	}
	local := strings.NewReplacer("data_dir: data", "data_dir: /var/lib/banditore", "spool_dir: spool", "spool_dir: /srv/banditore").Replace(settings)
	m.write("etc/banditore/config.yaml", local)
	m.write("etc/systemd/system/banditore.service.d/test.conf", "[Service]\nEnvironment="+serverKey+"="+m.place.address+"\n")
	keys, err := filepath.Glob(filepath.Join(m.place.dir, "data/*.db*"))
	if err != nil || len(keys) == 0 {
		m.t.Fatalf("no keys: %v", err)
	}
	for _, file := range keys {
		m.put(file, filepath.Join("var/lib/banditore", filepath.Base(file)))
	}
	m.in("chmod 600 /var/lib/banditore/*; chown -R banditore:banditore /var/lib/banditore; systemctl enable banditore")
}

// boot starts the machine, on this one's network, and ends it with the test.
func (m *machine) boot() {
	m.t.Helper()
	cmd := exec.Command("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--machine=banditore-test", "--directory="+m.root, "--boot")
	cmd.Env = append(os.Environ(), "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1")
	cmd.Stdout, cmd.Stderr = m.place, m.place
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		out, _ := exec.Command("journalctl", "--root="+m.root, "--unit=banditore", "--boot", "--no-pager", "--output=cat").CombinedOutput()
		if said := strings.ToLower(string(out)); m.t.Failed() || strings.Contains(said, "operation not permitted") || !strings.Contains(said, "deactivated successfully") {
			m.t.Errorf("the service said\n%s", out)
		}
	})
}

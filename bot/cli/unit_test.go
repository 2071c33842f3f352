package cli_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The unit's filter permits every system call that strace sees in a day of the
// service: a registration, a file with a picture, one that is refused, a goodbye.
func TestUnitPermitsWhatTheServiceCalls(t *testing.T) {
	t.Parallel()
	mustTrace(t)
	permitted := permittedCalls(t)
	for _, call := range []string{"mount", "ptrace", "setuid", "reboot", "io_uring_setup", "keyctl", "chroot", "bpf", "unshare", "fchown"} {
		if permitted[call] {
			t.Errorf("the unit permits %s", call)
		}
	}
	p := newPlace(t)
	p.pair()
	trace := filepath.Join(t.TempDir(), "trace")
	daemon := p.traced(trace, "all")
	people := p.citizens(2)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 100, 100))); err != nil {
		t.Fatal(err)
	}
	p.write(filepath.Join("spool", "da_inviare", "acqua.png"), picture.String())
	p.write(filepath.Join("spool", "da_inviare", "acqua.txt"), notice+"\n")
	p.write(filepath.Join("spool", "da_inviare", "lettera.docx"), "PK")
	for _, c := range people {
		p.await(c, notice)
	}
	p.awaitFile(filepath.Join("spool", "inviati", "acqua.txt.esito.txt"))
	p.awaitFile(filepath.Join("spool", "scartati", "lettera.docx"))
	people[0].Text(comune, "Disattiva Notizie")
	p.await(people[0], "cancellat")
	p.settle()
	daemon.end(syscall.SIGTERM)

	calls := callsIn(t, trace)
	if len(calls) < 40 {
		t.Fatalf("strace saw only %q", calls)
	}
	for _, call := range calls {
		if !permitted[call] && (call != "fchown" || os.Geteuid() != 0) { // as root, SQLite gives a journal the database's owner
			t.Errorf("the service calls %s, which the unit forbids", call)
		}
	}
}

// unnamed are calls that an older strace knows by number alone.
var unnamed = map[string]string{"syscall_0x1b9": "epoll_pwait2", "syscall_0x1c4": "fchmodat2"}

// callsIn are the names of the calls in a trace.
func callsIn(t *testing.T, trace string) (calls []string) {
	t.Helper()
	content, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\d+ +(?:<\.\.\. )?(\w+)[( ]`).FindAllStringSubmatch(string(content), -1) {
		call := m[1]
		if name, ok := unnamed[call]; ok {
			call = name
		}
		calls = append(calls, call)
	}
	slices.Sort(calls)
	return slices.Compact(calls)
}

// permittedCalls reads the unit's filter as systemd does: the first line lets calls in,
// each later one takes some out or lets others in.
func permittedCalls(t *testing.T) map[string]bool {
	t.Helper()
	unit, err := os.ReadFile(filepath.Join(sources, "systemd/banditore.service"))
	if err != nil {
		t.Fatal(err)
	}
	groups, permitted := callGroups(t), map[string]bool{}
	for line := range strings.Lines(string(unit)) {
		list, is := strings.CutPrefix(strings.TrimSpace(line), "SystemCallFilter=")
		if !is {
			continue
		}
		list, taken := strings.CutPrefix(list, "~")
		for name := range strings.FieldsSeq(list) {
			for _, call := range expand(t, groups, name) {
				permitted[call] = !taken
			}
		}
	}
	return permitted
}

// expand is the calls of a group and of the groups in it.
func expand(t *testing.T, groups map[string][]string, name string) (calls []string) {
	t.Helper()
	if !strings.HasPrefix(name, "@") {
		return []string{name}
	}
	if len(groups[name]) == 0 {
		t.Fatalf("systemd knows no group %s", name)
	}
	for _, inner := range groups[name] {
		calls = append(calls, expand(t, groups, inner)...)
	}
	return calls
}

// callGroups are systemd's groups of calls, with what each holds.
func callGroups(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("systemd-analyze", "--no-pager", "syscall-filter").Output()
	if err != nil {
		lacks(t, "no systemd-analyze, of the Debian package systemd: %v", err)
	}
	groups, group := map[string][]string{}, ""
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(line, "#")
		switch name = strings.TrimSpace(name); {
		case name == "":
		case line[0] == '@':
			group = name
		case strings.HasPrefix(line, "    "):
			groups[group] = append(groups[group], name)
		}
	}
	return groups
}

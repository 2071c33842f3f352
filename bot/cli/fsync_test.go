package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The marks of a life in what strace notes down: words of a log line, or a
// journal that the kernel says it has put on the disk. The library logs a
// stanza before it gives it to the socket.
const (
	heard         = `part=Recv said=\"[stanza message]\"`
	decrypting    = `said=\"Decrypting message`
	arrived       = `msg=\"text arrived\"`
	carriedOut    = `msg=\"text carried out\"`
	fileAccepted  = `msg=\"file accepted\"`
	published     = `msg=\"announcement accepted\"`
	claimed       = `msg=\"message claimed\"`
	acknowledging = `part=Send said=\"[stanza receipt]\"`
	leaving       = `part=Send said=\"[stanza message]\"`
	attemptEnded  = `msg=\"attempt ended\"`
	recorded      = `msg=\"outcome recorded\"`
	storeSynced   = "/data/store.db-wal>"
	sessionSynced = "/data/session.db-wal>"
)

// A power cut is not played by kill -9, after which the kernel still writes
// what it was given. So the kernel is asked whether it was told to write:
// nothing is acknowledged, and nothing leaves, before that.
//
// A commit to a write-ahead log asks for that only with synchronous=FULL. With
// less, a power cut takes back the last commits: in store.db a registration
// that WhatsApp will not hand over again, or the claim of a message that has
// left; in session.db the step of a ratchet, after which nobody can read.
func TestG3_WhatIsAcknowledgedIsOnTheDisk(t *testing.T) {
	t.Parallel()
	mustTrace(t)
	p := newPlace(t)
	p.pair()
	trace := filepath.Join(t.TempDir(), "trace")
	daemon := p.traced(trace, "fsync,fdatasync,write")
	people := p.citizens(2)
	p.write(filepath.Join("spool", "da_inviare", "acqua.txt"), notice+"\n")
	for _, c := range people {
		p.await(c, notice)
	}
	p.awaitFile(filepath.Join("spool", "inviati", "acqua.txt.esito.txt"))
	p.settle()
	people[0].Text(comune, "Disattiva Notizie")
	p.await(people[0], "cancellat")
	p.settle()
	daemon.end(syscall.SIGTERM)

	life := marksOf(t, trace)
	for _, rule := range []struct {
		from, to, synced string
		times            int // that to must be reached, or more: what fails is tried again
	}{
		{from: decrypting, to: arrived, synced: sessionSynced, times: 3},
		{from: arrived, to: carriedOut, synced: storeSynced, times: 3},
		{from: fileAccepted, to: published, synced: storeSynced, times: 1},
		{from: recorded, to: claimed, synced: storeSynced, times: 5},
		{from: claimed, to: leaving, synced: sessionSynced, times: 5},
		{from: attemptEnded, to: recorded, synced: storeSynced, times: 5},
	} {
		reached, bare := unsynced(life, rule.from, rule.to, rule.synced)
		if reached < rule.times || bare > 0 {
			t.Errorf("%s was reached %d times, want %d or more; %d of them without a sync of %s since %s",
				rule.to, reached, rule.times, bare, rule.synced, rule.from)
		}
	}
	last := lastText(life)
	if !inOrder(last, sessionSynced, arrived, storeSynced, carriedOut) {
		t.Errorf("the cancellation was acknowledged before it was on the disk, or never:\n%s", strings.Join(last, "\n"))
	}
	if t.Failed() {
		t.Logf("the life:\n%s", strings.Join(life, "\n"))
	}
}

// unsynced counts how often to was reached, and how often no sync lies between
// it and the last from before it. The first claim of a process has no outcome
// before it: there, all that came before counts.
func unsynced(life []string, from, to, synced string) (reached, bare int) {
	found := false
	for _, mark := range life {
		switch mark {
		case from:
			found = false
		case synced:
			found = true
		case to:
			reached++
			if !found {
				bare++
			}
		}
	}
	return reached, bare
}

// lastText is what was done between the arrival of the last text and its
// receipt. It came when all was quiet, so that nothing else was acknowledged.
func lastText(life []string) []string {
	for i, mark := range slices.Backward(life) {
		if mark == heard {
			return life[i : i+max(0, slices.Index(life[i:], acknowledging))]
		}
	}
	return nil
}

// inOrder tells whether the marks are found in life one after the other.
func inOrder(life []string, marks ...string) bool {
	for _, mark := range life {
		if len(marks) > 0 && mark == marks[0] {
			marks = marks[1:]
		}
	}
	return len(marks) == 0
}

// marksOf reads a trace. A write counts when it begins, a sync when it has
// succeeded: with several threads a call may be noted in two halves.
func marksOf(t *testing.T, trace string) (life []string) {
	t.Helper()
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	half := map[string]string{} // the first half of a thread's call
	line := regexp.MustCompile(`^(\d+) +(<\.\.\. \w+ resumed>)?(.*)$`)
	for text := range strings.Lines(string(b)) {
		m := line.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			t.Fatalf("strace noted %q", text)
		}
		thread, resumed, call := m[1], m[2] != "", m[3]
		if resumed {
			call = half[thread] + call
		}
		unfinished := strings.HasSuffix(call, "<unfinished ...>")
		if unfinished {
			half[thread] = strings.TrimSuffix(call, "<unfinished ...>")
		}
		isSync := strings.HasPrefix(call, "fsync(") || strings.HasPrefix(call, "fdatasync(")
		switch {
		case isSync && strings.HasSuffix(call, "= 0"):
			life = append(life, markOf(call, storeSynced, sessionSynced)...)
		case !isSync && !resumed:
			life = append(life, markOf(call, heard, decrypting, arrived, carriedOut, acknowledging,
				fileAccepted, published, claimed, leaving, attemptEnded, recorded)...)
		}
	}
	return life
}

func markOf(call string, marks ...string) []string {
	return slices.DeleteFunc(marks, func(mark string) bool { return !strings.Contains(call, mark) })
}

func mustTrace(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		lacks(t, "no strace, which is a Debian package of that name")
	}
	if out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		lacks(t, "strace may not trace here: %v\n%s", err, out)
	}
}

// traced runs `banditore run` under strace, which notes down the calls, and puts itself behind the
// process (-D), so that signals meet the process. Both hold the standard error
// open: who has waited for its end has the whole trace.
func (p *place) traced(trace, calls string) *process {
	p.t.Helper()
	cmd := exec.Command("strace", "-D", "-f", "-y", "-qq", "-s", "160", "-e", "trace="+calls, "-e", "signal=none",
		"-o", trace, os.Args[0], "run")
	cmd.Dir, cmd.Stderr = p.dir, p
	cmd.Env = append(os.Environ(), serverKey+"="+p.address)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	pr := &process{Cmd: cmd, t: p.t, done: make(chan struct{})}
	p.t.Cleanup(func() { pr.end(syscall.SIGKILL) })
	return pr
}

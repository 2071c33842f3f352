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
// journal that the kernel says it has put on the disk.
const (
	decrypting    = `said=\"Decrypting message`
	arrived       = `msg=\"text arrived\"`
	carriedOut    = `msg=\"text carried out\"`
	fileAccepted  = `msg=\"file accepted\"`
	published     = `msg=\"announcement accepted\"`
	claimed       = `msg=\"message claimed\"`
	leaving       = `part=Send said=\"[stanza message]\"`
	attemptEnded  = `msg=\"attempt ended\"`
	recorded      = `msg=\"outcome recorded\"`
	storeSynced   = "/data/store.db-wal>"
	sessionSynced = "/data/session.db-wal>"
)

// A power cut is not played by kill -9, after which the kernel still writes
// what it was given. So the kernel is asked whether it was told to write:
// nothing is acknowledged, and nothing leaves, before that.
func TestG3_WhatIsAcknowledgedIsOnTheDisk(t *testing.T) {
	t.Parallel()
	mustTrace(t)
	p := newPlace(t)
	p.pair()
	trace := filepath.Join(t.TempDir(), "trace")
	daemon := p.traced(trace)
	people := p.citizens(2)
	p.write(filepath.Join("spool", "da_inviare", "acqua.txt"), notice+"\n")
	for _, c := range people {
		p.await(c, notice)
	}
	p.awaitFile(filepath.Join("spool", "inviati", "acqua.txt.esito.txt"))
	daemon.end(syscall.SIGTERM)

	life := marksOf(t, trace)
	for _, rule := range []struct {
		from, to, synced string
		times            int // that to must be reached, or more: what fails is tried again
	}{
		{from: decrypting, to: arrived, synced: sessionSynced, times: 2},
		{from: arrived, to: carriedOut, synced: storeSynced, times: 2},
		{from: fileAccepted, to: published, synced: storeSynced, times: 1},
		{from: recorded, to: claimed, synced: storeSynced, times: 4},
		{from: claimed, to: leaving, synced: sessionSynced, times: 4},
		{from: attemptEnded, to: recorded, synced: storeSynced, times: 4},
	} {
		reached, bare := unsynced(life, rule.from, rule.to, rule.synced)
		if reached < rule.times || bare > 0 {
			t.Errorf("%s was reached %d times, want %d or more; %d of them without a sync of %s since %s",
				rule.to, reached, rule.times, bare, rule.synced, rule.from)
		}
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
			life = append(life, markOf(call, decrypting, arrived, carriedOut, fileAccepted, published, claimed, leaving, attemptEnded, recorded)...)
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

// traced runs `banditore run` under strace, which puts itself behind the
// process (-D), so that signals meet the process. Both hold the standard error
// open: who has waited for its end has the whole trace.
func (p *place) traced(trace string) *process {
	p.t.Helper()
	cmd := exec.Command("strace", "-D", "-f", "-y", "-qq", "-s", "160", "-e", "trace=fsync,fdatasync,write", "-e", "signal=none",
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

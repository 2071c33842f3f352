package store

import (
	"errors"
	"os"
	"testing"
	"time"
)

// The link is held beside the directory, by one process at a time.
func TestG10_TheSessionHasALockOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	daemon, err := Lock(dir)
	must(t, err)
	defer daemon.Unlock()
	pair, err := LockSession(dir)
	must(t, err)
	_, err = LockSession(dir)
	held, ok := errors.AsType[*LockedError](err)
	equal(t, "refused", ok && held.Session && held.PID == os.Getpid(), true)
	pid, taken, err := SessionLockedBy(dir)
	must(t, err)
	equal(t, "held", taken && pid == os.Getpid(), true)
	must(t, pair.Unlock())
	_, taken, err = SessionLockedBy(dir)
	must(t, err)
	equal(t, "held after the end", taken, false)
	again, err := LockSession(dir)
	must(t, err)
	must(t, again.Unlock())
}

// The list belongs to the first number that was linked, until it is handed over.
func TestTheListBelongsToANumber(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, ""},
		{func() error { return tw.BelongTo(t.Context(), "+39331") }, "+39331"},
		{func() error { return tw.BelongTo(t.Context(), "+39332") }, "+39331"},
		{func() error { return tw.HandOver(t.Context(), "+39332") }, "+39332"},
	} {
		must(t, step.do())
		got, err := tw.ListNumber(t.Context())
		must(t, err)
		equal(t, "number", got, step.want)
	}
}

// A problem keeps the time at which it began, and goes when it is over.
func TestProblemsComeAndGo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := Problem{Kind: "folder", Severity: "warning", Since: noon().UTC(), Sentence: "a", Advice: "b"}
	must(t, tw.SetProblem(t.Context(), first))
	worse := first
	worse.Severity, worse.Since, worse.Sentence = "alarm", noon().Add(time.Hour), "c"
	must(t, tw.SetProblem(t.Context(), worse))
	list, err := tw.Problems(t.Context())
	must(t, err)
	worse.Since = first.Since
	equal(t, "problems", len(list), 1)
	equal(t, "problem", list[0], worse)
	must(t, tw.ClearProblem(t.Context(), "folder"))
	list, err = tw.Problems(t.Context())
	must(t, err)
	equal(t, "problems after the end", len(list), 0)
}

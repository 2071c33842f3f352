package spool

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lifeDir tells this test binary, in the environment, to live under strace in a spool.
const lifeDir = "BANDITORE_TEST_SPOOL"

// A power cut takes back what the kernel was not told to write. So it is asked: the
// clerk's copy and the note are on the disk before the first rename, each rename before
// the next step, and the report before the note goes.
func TestG8_OnTheDiskBeforeTheNextStep(t *testing.T) {
	if dir := os.Getenv(lifeDir); dir != "" {
		live(t, dir)
		return
	}
	t.Parallel()
	if out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("needs strace: %v %s", err, out)
	}
	dir := filepath.Join(t.TempDir(), "spool")
	mustOpen(t, dir, Options{}).Close()
	dropBundle(t, dir, "a.txt")
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command("strace", "-f", "-y", "-qq", "-s", "300", "-e", "trace=fsync,renameat,renameat2,unlinkat", "-e", "signal=none", "-o", trace,
		os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), lifeDir+"="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls := mustRead(t, trace)
	rest := calls
	for _, step := range []string{
		`fsync\(\d+</da_inviare/a\.txt>`,
		`fsync\(\d+</\.banditore/tmp-`,
		`renameat2?\(\d+</\.banditore>, "tmp-.*</\.banditore>, "claim-`,
		`fsync\(\d+</\.banditore>`,
		`renameat2\(\d+</da_inviare>, "a\.txt", \d+</in_invio>`,
		`fsync\(\d+</in_invio>`,
		`fsync\(\d+</da_inviare>`,
		`renameat2\(\d+</in_invio>, "a\.txt", \d+</inviati>`,
		`fsync\(\d+</inviati>`,
		`fsync\(\d+</in_invio>`,
		`fsync\(\d+</\.banditore/tmp-`,
		`renameat2?\(\d+</\.banditore>, "tmp-.*</inviati>, "a\.txt\.esito\.txt"`,
		`fsync\(\d+</inviati>`,
		`unlinkat\(\d+</\.banditore>, "claim-`,
	} {
		at := regexp.MustCompile(strings.ReplaceAll(step, "</", "<"+regexp.QuoteMeta(dir)+"/")).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("%s comes too early, or never:\n%s", step, calls)
		}
		rest = rest[at[1]:]
	}
}

// live takes what was dropped and files it away.
func live(t *testing.T, dir string) {
	s := mustOpen(t, dir, Options{})
	var errs []error
	for _, f := range mustScan(t, s) {
		errs = append(errs, s.FileAway(f.File, sent(f.Name)))
	}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

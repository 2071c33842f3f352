package spool

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A forged note takes no more memory than one of ours may. This test is alone, to be
// the only one that takes some.
func TestG9_AForgedNoteIsNoBomb(t *testing.T) {
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, hiddenFolder, refusalPrefix+"x"+noteSuffix), `{"Files":[`+strings.Repeat("{},", maxNote/4)+"{}]}")
	s.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	mustOpen(t, dir, Options{})
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 200<<20 {
		t.Errorf("it takes %d MB", took>>20)
	}
	checkListing(t, dir)
}

// The longest note that we write is read again.
func TestReadNote_TheLongest(t *testing.T) {
	t.Parallel()
	s, _ := newSpool(t)
	n := note{From: dropFolder, Refusal: &Refusal{Reason: "motivo", Advice: "consiglio."}}
	for i := range manyFiles {
		name := fmt.Appendf(nil, "%0*d", longestName, i)
		n.Files = append(n.Files, member{Name: name, File: name})
	}
	if err := s.keep(&n); err != nil {
		t.Fatal(err)
	}
	if got, err := s.readNote(n.at); err != nil || len(got.Files) != manyFiles {
		t.Fatalf("%d files, %v", len(got.Files), err)
	}
}

package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"banditore/store"
)

func withdrawn(name string) Report {
	r := Report{Announcement: store.Announcement{Content: store.Content{Name: name, AcceptedAt: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}, Counts: store.Counts{Recipients: 3, Sent: 3}}}
	r.Withdrawal = &store.Withdrawal{At: r.AcceptedAt.Add(time.Hour), Asked: 3}
	return r
}

func sent(name string) Report {
	r := withdrawn(name)
	r.Withdrawal = nil
	return r
}

// recall moves files to ritirare, as staff do in the Explorer.
func recall(t *testing.T, dir, from string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Rename(filepath.Join(dir, from, name), filepath.Join(dir, withdrawFolder, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func checkWithdrawals(t *testing.T, s *Spool, want ...string) {
	t.Helper()
	got, err := s.Withdrawals()
	if slices.Sort(got); err != nil || !slices.Equal(got, want) {
		t.Fatalf("withdrawals %q, %v; want %q", got, err, want)
	}
}

// Whatever staff move, all files of the announcement follow, and it is dealt with
// once: also when they move the old report along, and over a restart.
func TestG8_Withdrawals(t *testing.T) {
	t.Parallel()
	bundle := []string{"a.txt", "a-1.jpg", "a-2.jpg"}
	for name, c := range map[string]struct {
		from   string
		moved  []string
		listed []string
	}{
		"the text":               {sentFolder, []string{"a.txt"}, []string{"a.txt"}},
		"an attachment":          {sentFolder, []string{"a-2.jpg"}, []string{"a-2.jpg"}},
		"all of it":              {sentFolder, []string{"a.txt", "a-1.jpg", "a-2.jpg"}, []string{"a-1.jpg", "a-2.jpg", "a.txt"}},
		"with report and record": {sentFolder, []string{"a.txt", "a.txt.esito.txt", "a.txt.verbale.html"}, []string{"a.txt"}},
		"while it leaves":        {sendingFolder, []string{"a.txt"}, []string{"a.txt"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dir := newSpool(t)
			dropBundle(t, dir, bundle...)
			mustScan(t, s)
			want := []string{"ritirare/a.txt", "ritirare/a-1.jpg", "ritirare/a-2.jpg", "ritirare/a.txt.esito.txt"}
			if c.from == sentFolder {
				if err := errors.Join(s.FileAway("a.txt", sent("a.txt")), s.WriteMinutes("a.txt", false, []byte("<p>"))); err != nil {
					t.Fatal(err)
				}
				want = append(want, "ritirare/a.txt.verbale.html")
			}
			checkWithdrawals(t, s)
			recall(t, dir, c.from, c.moved...)
			checkWithdrawals(t, s, c.listed...)
			for range 2 {
				if err := s.FileWithdrawn(bundle, withdrawn("a.txt")); err != nil {
					t.Fatal(err)
				}
				checkListing(t, dir, want...)
				checkWithdrawals(t, s)
				if got := mustRead(t, filepath.Join(dir, withdrawFolder, "a.txt.esito.txt")); !strings.Contains(got, withdrawnMark) {
					t.Fatalf("report %q", got)
				}
			}
			if names, err := s.InFlight(); err != nil || len(names) > 0 {
				t.Fatalf("in flight: %q, %v", names, err)
			}
			if files := mustScan(t, s); len(files) > 0 {
				t.Fatalf("sent again: %+v", files)
			}
			s.Close()
			checkWithdrawals(t, mustOpen(t, dir, Options{}), "a-1.jpg", "a-2.jpg") // they have no report of their own
		})
	}
}

// The caller may have been killed after it noted the withdrawal.
func TestFileAway_OfAWithdrawal(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	dropBundle(t, dir, "a.txt", "a.jpg")
	mustScan(t, s)
	recall(t, dir, sendingFolder, "a.txt")
	if err := s.FileAway("a.txt", withdrawn("a.txt")); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "ritirare/a.txt", "ritirare/a.jpg", "ritirare/a.txt.esito.txt")
}

// Who copies the file means the same as who moves it; nothing is overwritten.
func TestFileWithdrawn_OfACopy(t *testing.T) {
	t.Parallel()
	for _, from := range []string{sendingFolder, sentFolder} {
		s, dir := newSpool(t)
		dropBundle(t, dir, "a.txt")
		mustScan(t, s)
		if from == sentFolder {
			if err := s.FileAway("a.txt", sent("a.txt")); err != nil {
				t.Fatal(err)
			}
		}
		drop(t, filepath.Join(dir, withdrawFolder, "a.txt"), "la copia")
		checkWithdrawals(t, s, "a.txt")
		if err := s.FileWithdrawn([]string{"a.txt"}, withdrawn("a.txt")); err != nil {
			t.Fatal(err)
		}
		checkListing(t, dir, "inviati/a.txt", "ritirare/a.txt", "ritirare/a.txt.esito.txt")
		checkWithdrawals(t, s)
	}
}

func TestG8_RefuseWithdrawal(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, withdrawFolder, "ignoto.txt"), "mai visto")
	if err := os.MkdirAll(filepath.Join(dir, withdrawFolder, "cartella", "dentro"), 0o770); err != nil {
		t.Fatal(err)
	}
	drop(t, filepath.Join(dir, withdrawFolder, "Thumbs.db"), "")
	checkWithdrawals(t, s, "cartella", "ignoto.txt")
	for _, name := range []string{"cartella", "ignoto.txt"} {
		for range 2 {
			if err := s.RefuseWithdrawal(name, "non è un avviso inviato", "mettilo in da_inviare."); err != nil {
				t.Fatal(err)
			}
		}
	}
	checkWithdrawals(t, s)
	checkListing(t, dir, "ritirare/Thumbs.db", "scartati/cartella.esito.txt", "scartati/ignoto.txt", "scartati/ignoto.txt.esito.txt")
	if info, err := os.Stat(filepath.Join(dir, "scartati/cartella/dentro")); err != nil || !info.IsDir() {
		t.Errorf("the folder was not moved whole: %v", err)
	}
}

// A later announcement of the same name can be withdrawn too, once the first has
// been cleared away.
func TestWithdrawals_TheSameNameAgain(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for range 2 {
		dropBundle(t, dir, "a.txt")
		mustScan(t, s)
		recall(t, dir, sendingFolder, "a.txt")
		checkWithdrawals(t, s, "a.txt")
		if err := s.FileWithdrawn([]string{"a.txt"}, withdrawn("a.txt")); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Remove(filepath.Join(dir, "ritirare/a.txt")), os.Remove(filepath.Join(dir, "ritirare/a.txt.esito.txt"))); err != nil {
			t.Fatal(err)
		}
		checkWithdrawals(t, s)
	}
}

// Ten thousand files do not come at once, and the next look comes soon.
func TestG9_ACrowdedFolder(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	for i := range 2*maxTaken + 50 {
		name := fmt.Sprintf("%d.txt", i)
		drop(t, filepath.Join(dir, withdrawFolder, name), "x")
		drop(t, filepath.Join(dir, sendingFolder, name), "x")
	}
	dropBundle(t, dir, "a.txt", "a.jpg")
	mustScan(t, s)
	names, err := s.Withdrawals()
	if err != nil || len(names) != maxTaken {
		t.Errorf("%d withdrawals at once, %v", len(names), err)
	}
	flight, err := s.InFlight()
	if err != nil || len(flight) != maxTaken+1 || !slices.Contains(flight, "a.txt") {
		t.Errorf("%d in flight, %v; the only one that was claimed must be there", len(flight), err)
	}
	if wait, ok := s.NextLook(); !ok || wait > patience {
		t.Errorf("next look in %v, %v", wait, ok)
	}
}

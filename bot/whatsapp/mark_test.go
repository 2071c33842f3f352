package whatsapp

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// safe is a data directory and what is kept of its session.db outside of it.
type safe struct {
	t    *testing.T
	dir  string
	mark string // as store.db keeps it
	last Last
}

func (s *safe) open() *Client {
	s.t.Helper()
	c, err := Open(s.t.Context(), Options{Dir: s.dir, Number: "+393343679575", Mark: s.mark, Last: s.last, KeepMark: func(_ context.Context, mark string) error {
		s.mark = mark
		return nil
	}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	return c
}

func (s *safe) file() string { return filepath.Join(s.dir, sessionFile) }

// linkedSafe has a link in it, and has been opened and closed.
func linkedSafe(t *testing.T) *safe {
	t.Helper()
	s := &safe{t: t, dir: t.TempDir(), last: Last{StateChange: StateChange{State: StateConnected}}}
	c := s.open()
	insertDevice(t, c.db, "393343679575:1@s.whatsapp.net")
	c.Close()
	return s
}

// copyTo copies session.db as cp does, without its journal.
func (s *safe) copyTo(file string) {
	s.t.Helper()
	content, err := os.ReadFile(s.file())
	if err == nil {
		err = os.WriteFile(file, content, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *safe) check(c *Client, want Cause) {
	s.t.Helper()
	if got := c.State(); got.Cause != want || c.Paired() != (want == "") || (want != "") != (got.State == StateUnpaired) {
		s.t.Errorf("got %+v, paired %v, want the cause %q", got, c.Paired(), want)
	}
	if _, parked := Parked(s.dir); parked != (want != "" && want != CauseLost) {
		s.t.Errorf("parked: %v", parked)
	}
}

// An old copy of session.db is never connected, wherever it comes from, and the right
// one always is.
func TestG10_AnOldSessionIsParked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		befall func(*safe)
		want   Cause
	}{
		"nothing":              {func(*safe) {}, ""},
		"a restart":            {func(s *safe) { s.open().Close() }, ""},
		"kill -9":              {func(s *safe) { s.open() }, ""},
		"before marks":         {func(s *safe) { s.mark = ""; s.sql(`DELETE FROM banditore_facts`) }, ""},
		"an older list":        {func(s *safe) { was := s.mark; s.open().Close(); s.mark = was }, ""},
		"no list":              {func(s *safe) { s.mark = "" }, ""},
		"a copy, used since":   {func(s *safe) { s.copyTo(s.dir + "/copy"); s.open().Close(); s.back("copy") }, CauseOldCopy},
		"a copy, in its place": {func(s *safe) { s.copyTo(s.dir + "/copy"); c := s.open(); c.Close(); s.over("copy") }, CauseOldCopy},
		"a copy from before marks": {func(s *safe) {
			s.copyTo(s.dir + "/copy")
			s.open().Close()
			s.back("copy")
			s.sql(`DELETE FROM banditore_facts`)
		}, CauseOldCopy},
		"a copy of while it ran, and no list": {func(s *safe) {
			c := s.open()
			if _, err := c.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				s.t.Fatal(err)
			}
			s.copyTo(s.dir + "/copy")
			c.Close()
			s.back("copy")
			s.mark = ""
		}, CauseCopied},
		"a copy of while it ran, over it after the end": {func(s *safe) {
			c := s.open()
			if _, err := c.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				s.t.Fatal(err)
			}
			s.copyTo(s.dir + "/copy")
			c.Close()
			s.over("copy")
		}, CauseOldCopy},
		"a move": {func(s *safe) {
			to := s.t.TempDir()
			s.copyTo(filepath.Join(to, sessionFile))
			s.dir = to
		}, ""},
		"another's": {func(s *safe) {
			was := readMark(s.mark)
			was.ID = "another"
			s.mark = was.String()
		}, CauseOldCopy},
		"a loss": {func(s *safe) {
			if err := os.Remove(s.file()); err != nil {
				s.t.Fatal(err)
			}
		}, CauseLost},
		"a copy, after a loss": {func(s *safe) {
			s.open().Close()
			s.copyTo(s.dir + "/copy")
			if err := os.Remove(s.file()); err != nil {
				s.t.Fatal(err)
			}
			s.open().Close() // a new file goes on counting
			s.back("copy")
		}, CauseOldCopy},
		"damage": {func(s *safe) {
			if err := os.WriteFile(s.file(), make([]byte, 5000), 0o600); err != nil {
				s.t.Fatal(err)
			}
		}, CauseDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := linkedSafe(t)
			test.befall(s)
			c := s.open()
			s.check(c, test.want)
			c.Close()
			if test.want == "" {
				return
			}
			s.last = Last{StateChange: c.State()}
			s.check(s.open(), test.want) // the next process knows it still
		})
	}
}

func (s *safe) sql(statement string) {
	s.t.Helper()
	db, _, err := openSession(s.t.Context(), s.file(), newLibraryLog(slog.New(slog.DiscardHandler), nil))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.RawDB.Close()
	if _, err := db.RawDB.Exec(statement); err != nil {
		s.t.Fatal(err)
	}
}

// back puts a copy in the place of session.db, as mv does.
func (s *safe) back(name string) {
	s.t.Helper()
	if err := os.Rename(filepath.Join(s.dir, name), s.file()); err != nil {
		s.t.Fatal(err)
	}
}

// over writes a copy over session.db, which stays the same file.
func (s *safe) over(name string) {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, name))
	if err == nil {
		err = os.WriteFile(s.file(), content, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// Who ends after somebody else has opened the file does not say that nobody has it.
func TestTheEndOfAnotherIsNotNoted(t *testing.T) {
	t.Parallel()
	s := linkedSafe(t)
	first := s.open()
	second := s.open()
	first.Close()
	if m := readMark(s.mark); !m.InUse || m != second.mark {
		t.Errorf("the mark is %+v, want %+v", m, second.mark)
	}
	second.Close()
	if m := readMark(s.mark); m.InUse || m.Count != second.mark.Count+1 {
		t.Errorf("after the end the mark is %+v", m)
	}
}

// What is parked is one file with its journals, and all of it goes.
func TestG5_ParkedKeysAreRemoved(t *testing.T) {
	t.Parallel()
	s := linkedSafe(t)
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.WriteFile(s.file()+suffix, []byte("someone"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := park(s.dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(s.file() + "-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := RemoveParked(s.dir); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// What was parked before goes whole: its journals are not those of what is parked now.
func TestG5_OneThingIsParkedAtATime(t *testing.T) {
	t.Parallel()
	s := linkedSafe(t)
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.WriteFile(filepath.Join(s.dir, parkedFile+suffix), []byte("someone"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	was, err := os.ReadFile(s.file())
	if err != nil {
		t.Fatal(err)
	}
	if err := park(s.dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(s.dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got %v, %v, want what is parked now", files, err)
	}
	if now, err := os.ReadFile(files[0]); err != nil || !bytes.Equal(now, was) {
		t.Errorf("another file is parked: %v", err)
	}
}

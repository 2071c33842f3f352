package store

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func (tw *town) backup() string {
	tw.t.Helper()
	path := filepath.Join(tw.t.TempDir(), "backup.db")
	must(tw.t, tw.Backup(tw.t.Context(), path))
	return path
}

// restore puts the backup in place as the command does, and opens the list again.
func (tw *town) restore(backup string, f *Forgotten, now time.Time) Restored {
	tw.t.Helper()
	must(tw.t, tw.Store.Close())
	lock, err := Lock(tw.dir)
	must(tw.t, err)
	defer lock.Unlock()
	r, err := Restore(tw.t.Context(), tw.dir, backup, f, now)
	must(tw.t, err)
	tw.reopen()
	return r
}

func (tw *town) reopen() {
	tw.t.Helper()
	var err error
	tw.Store, err = Open(tw.t.Context(), tw.dir)
	must(tw.t, err)
}

func TestBackup(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(300)
	path := tw.backup()
	info, err := os.Stat(path)
	must(t, err)
	equal(t, "mode", info.Mode().Perm(), 0o600)
	tw.citizens(300, 310)
	mustBeFault(t, tw.Backup(t.Context(), path), path, "there already")
	equal(t, "restored", tw.restore(path, nil, noon()), Restored{Subscribers: 300})
	equal(t, "subscribers", tw.rows("subscribers"), 300)
}

// Who has left since the backup stays away, to the byte: the list, the news that
// waited for her, the goodbye that was under way when the copy was made.
func TestG5_RestoreBringsNobodyBack(t *testing.T) {
	t.Parallel()
	for name, copyOf := range map[string]func(*town) string{
		"backup": (*town).backup,
		"copy of the file and its log": func(tw *town) string {
			path := filepath.Join(tw.t.TempDir(), "copy.db")
			for _, suffix := range []string{"", "-wal"} {
				content, err := os.ReadFile(tw.path + suffix)
				must(tw.t, err)
				must(tw.t, os.WriteFile(path+suffix, content, 0o644))
			}
			return path
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			f := openForgotten(t, tw.dir, keyFile(t))
			tw.settle(3000)
			under := tw.citizenWhoLeaves()
			path := copyOf(tw)
			tw.handle(Person{LID: ermenegilda().LID}, noon().Add(time.Hour), cancel)
			later := noon().Add(15 * 24 * time.Hour)
			gone, err := tw.DueErasures(t.Context(), later)
			must(t, err)
			equal(t, "to be erased", len(gone), 2)
			must(t, f.Remember(gone))
			must(t, tw.Erase(t.Context(), tw.due(later)))
			r := tw.restore(path, f, noon().Add(2*time.Hour))
			equal(t, "restored", r, Restored{Subscribers: 3000, Gone: 1, Held: 1})
			for _, trace := range tw.traces() {
				t.Error("left behind:", trace)
			}
			for _, suffix := range []string{"", "-wal"} {
				content, err := os.ReadFile(tw.path + suffix)
				must(t, err)
				if bytes.Contains(content, []byte(under.Number)) {
					t.Errorf("who was leaving is in %s", "store.db"+suffix)
				}
			}
			equal(t, "the others", tw.rows("subscribers"), 3000)
			_, ok, err := tw.ClaimDelivery(t.Context(), noon().Add(time.Hour), Ordinary, editWindow)
			must(t, err)
			equal(t, "old news leave by themselves", ok, false)
		})
	}
}

// citizenWhoLeaves has somebody leave whose goodbye still waits.
func (tw *town) citizenWhoLeaves() Person {
	tw.t.Helper()
	p := Person{Number: "+393986655443", LID: "100000006655443"}
	tw.subscribe(p)
	tw.leave(p, noon())
	return p
}

func TestRestoreWithoutHashes(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(10)
	path := tw.backup()
	due := tw.goodbye(ermenegilda())
	must(t, tw.Erase(t.Context(), tw.due(due)))
	equal(t, "restored", tw.restore(path, nil, due), Restored{Subscribers: 11, Held: 1})
}

// The log of the present database is not taken for one of the restored, whether
// the present one can be read or not.
func TestRestoreIntoWhatACrashLeft(t *testing.T) {
	t.Parallel()
	for name, ruin := range map[string]func(*town){
		"killed":  func(*town) {},
		"damaged": func(tw *town) { must(tw.t, os.WriteFile(tw.path, bytes.Repeat([]byte("ruin"), 5000), 0o600)) },
		"gone":    func(tw *town) { must(tw.t, os.Remove(tw.path)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(100)
			path := tw.backup()
			tw.citizens(100, 200)
			log, err := os.ReadFile(tw.path + "-wal")
			must(t, err)
			must(t, tw.Store.Close())
			must(t, os.WriteFile(tw.path+"-wal", log, 0o600))
			must(t, os.WriteFile(tw.path+".restoring", []byte("of a restore that was killed"), 0o600))
			ruin(tw)
			equal(t, "restored", tw.restore(path, nil, noon()), Restored{Subscribers: 100})
			equal(t, "subscribers", tw.rows("subscribers"), 100)
			files, err := filepath.Glob(tw.path + ".*")
			must(t, err)
			equal(t, "left over", len(files), 0)
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(5)
	good := tw.backup()
	write := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(path, content, 0o600))
		return path
	}
	change := func(statement string) string {
		content, err := os.ReadFile(good)
		must(t, err)
		path := write("changed.db", content)
		db, err := sql.Open("sqlite3", path)
		must(t, err)
		_, err = db.Exec(statement)
		must(t, errors.Join(err, db.Close()))
		return path
	}
	torn, err := os.ReadFile(good)
	must(t, err)
	for i := range 8000 { // its list is there no more
		torn[len(torn)-1-i] = 0xFF
	}
	for name, c := range map[string]struct{ path, words string }{
		"a text":         {write("a.txt", []byte("Buongiorno a tutti, ecco una bella storia.")), "damaged, or no copy"},
		"torn":           {write("torn.db", torn), "damaged, or no copy"},
		"empty":          {write("empty.db", nil), "no copy of banditore's"},
		"someone else's": {change(`DROP TABLE daemon`), "no copy of banditore's"},
		"of a newer":     {change(`PRAGMA user_version = 99`), "newer"},
		"a directory":    {t.TempDir(), "no regular file"},
	} {
		_, err := Restore(t.Context(), tw.dir, c.path, nil, noon())
		t.Log(name)
		mustBeFault(t, err, c.path, c.words)
		equal(t, "subscribers", tw.rows("subscribers"), 5)
	}
	if _, err := Restore(t.Context(), tw.dir, filepath.Join(t.TempDir(), "none"), nil, noon()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: got %v", err)
	}
	if _, err := Restore(t.Context(), tw.dir, good, nil, noon()); !errors.Is(err, ErrBusy) {
		t.Errorf("with the database in use: got %v, want %v", err, ErrBusy)
	}
	equal(t, "subscribers", tw.rows("subscribers"), 5)
	if left, _ := filepath.Glob(tw.path + ".*"); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

// A restored list knows everybody's mode and code, and what we had asked them.
func TestBackupKeepsModesAndCodes(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	tw.mode(citizen(0), noon(), Never())
	tw.ask(citizen(1), noon(), Question{Asked: AskedLeave, Words: "forse"})
	before := tw.list()
	path := tw.backup()
	tw.leave(citizen(0), noon())
	tw.mode(citizen(1), noon(), Never())
	tw.restore(path, nil, noon())
	for i, s := range tw.list() {
		equal(t, "entry", s, before[i])
	}
	equal(t, "question", tw.open(citizen(1)).Words, "forse")
}

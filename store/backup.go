package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"time"

	"banditore/store/datadir"
	"banditore/store/schema"
)

// Backup writes a copy of the database to a new file at path, for its owner's
// eyes only, while a daemon works on it or not. The copy is whole, of one moment,
// and on the disk when Backup returns; it holds whoever was on the list, whatever
// becomes of them later.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	f, err := datadir.CreateOutside(path)
	if errors.Is(err, fs.ErrExist) {
		return &Fault{Path: path, Problem: "it is there already", Remedy: "give the copy another name, or remove that one"}
	}
	if err != nil {
		return err
	}
	if _, err = s.db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		err = fault(path, fmt.Errorf("copy the database: %w", err))
	} else {
		err = datadir.SyncOutside(f, path)
	}
	if err != nil {
		return errors.Join(err, datadir.Discard(f, path))
	}
	return fault(path, f.Close())
}

// stagingFile is where a backup is made ready, beside the database whose place it
// will take. What a crash left of it goes when the directory is next locked.
const stagingFile = datadir.Staging

// Restored is what a restored database holds.
type Restored struct {
	Subscribers int
	Gone        int // were on the list of the backup, have unsubscribed since, and were not brought back
	Held        int // announcements that were leaving, and wait to be released or cancelled
}

// Restore puts the backup, a copy of store.db, in the place of the database in
// dir, which the caller has [Lock]ed. A log beside a copy of the file ("-wal") is
// part of it. Before it is put in place, everybody is taken off the list and
// erased from it to the byte of whom f knows that they have unsubscribed since, and
// what was leaving is held: days may have passed. Of the present database nothing is kept.
// When there is an error before that, nothing has changed: a [*Fault] is about the
// backup or the directory, and [ErrBusy] says that a command still works on the
// present database.
func Restore(ctx context.Context, dir, backup string, f *Forgotten, now time.Time) (r Restored, err error) {
	staging := filepath.Join(dir, stagingFile)
	defer func() { err = errors.Join(err, removeStaging(dir)) }()
	if err := stage(ctx, backup, staging); err != nil {
		return r, err
	}
	if r, err = prepare(ctx, staging, f, now); err != nil {
		return r, err
	}
	path := filepath.Join(dir, databaseFile)
	if err := clearWay(ctx, path); err != nil {
		return r, err
	}
	return r, datadir.Rename(staging, path)
}

// stage copies the backup, and its log, and sees that it is one of ours.
func stage(ctx context.Context, backup, staging string) error {
	if err := copyPrivate(backup, staging); err != nil {
		return err
	}
	if err := copyPrivate(backup+"-wal", staging+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := connect(staging, false)
	if err != nil {
		return fmt.Errorf("open %s: %w", backup, err)
	}
	defer db.Close()
	s := &Store{db: db, path: backup} // faults name the file that somebody knows
	return badBackup(backup, s.judge(ctx))
}

// judge sees that a backup is one of ours, whole, and holds nothing else, in its
// schema and in its rows.
func (s *Store) judge(ctx context.Context) error {
	objects, err := schema.Read(ctx, s.db)
	if err != nil {
		return fault(s.path, err)
	}
	for _, table := range []string{"subscribers", "deliveries", "daemon"} {
		if !slices.ContainsFunc(objects, func(o schema.Object) bool { return o.Type == "table" && o.Name == table }) {
			return &Fault{Path: s.path, Problem: "it is no copy of banditore's store.db", Remedy: "name a file that `banditore backup` made, or a copy of store.db"}
		}
	}
	for _, look := range []func(context.Context) error{s.mustBeOurs, s.integrityCheck, s.judgeRows} {
		if err := look(ctx); err != nil {
			return fault(s.path, err)
		}
	}
	return nil
}

// integrityCheck is a quickCheck that compares the indexes with their tables as well.
func (s *Store) integrityCheck(ctx context.Context) error {
	return s.checkPages(ctx, "PRAGMA integrity_check(1)")
}

// badBackup keeps the remedies for the database in use from being given for a
// backup.
func badBackup(backup string, err error) error {
	f, ok := errors.AsType[*Fault](err)
	switch {
	case ok && f.Remedy == remedyDamaged:
		return &Fault{Path: backup, Problem: "the backup is damaged, or no copy of store.db", Remedy: "use another backup; nothing has been changed", Err: f.Err}
	case ok && f.Remedy == remedyForeign:
		return &Fault{Path: backup, Problem: f.Problem, Remedy: "use another backup: somebody has changed this one; nothing has been put in place", Err: f.Err}
	}
	return err
}

// prepare brings a staged database up to date, takes off its list who has
// unsubscribed since, and leaves it as one file without a byte of them.
func prepare(ctx context.Context, staging string, f *Forgotten, now time.Time) (r Restored, err error) {
	s, err := open(ctx, staging, false)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if r.Gone, err = s.Replay(ctx, f, now); err != nil {
		return r, err
	}
	if err := s.eraseForgotten(ctx, f); err != nil {
		return r, err
	}
	if r.Held, err = s.holdAll(ctx); err != nil {
		return r, err
	}
	if r.Subscribers, err = s.Count(ctx); err != nil {
		return r, err
	}
	return r, s.leaveWAL(ctx)
}

// eraseForgotten erases from a restored database whoever has been forgotten since,
// also who was waiting to be when the copy was made. The session needs none of
// this: it is not restored.
func (s *Store) eraseForgotten(ctx context.Context, f *Forgotten) error {
	waiting, err := s.DueErasures(ctx, time.UnixMilli(math.MaxInt64))
	if err != nil {
		return err
	}
	var people []Person
	for _, e := range waiting {
		if f.UnsubscribedAfter(e.Person, time.Time{}) {
			people = append(people, e.Person)
		}
	}
	return s.Erase(ctx, people) // for nobody too: the copy may hold bytes of who had unsubscribed before it was made
}

// holdAll holds every announcement that is leaving.
func (s *Store) holdAll(ctx context.Context) (n int, err error) {
	running, err := s.Announcements(ctx, 0)
	if err != nil {
		return 0, err
	}
	for _, a := range running {
		if a.State != Running || a.Held {
			continue
		}
		if err := s.Hold(ctx, a.ID); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// clearWay ends the log of the present database, which SQLite would take for one
// of the new file. Where the present database cannot be read any more, the log is
// worth nothing.
func clearWay(ctx context.Context, path string) error {
	s, err := open(ctx, path, false)
	if err == nil {
		err = errors.Join(s.leaveWAL(ctx), s.Close())
	}
	if errors.Is(busyOr(err), ErrBusy) {
		return ErrBusy
	}
	for _, log := range []string{path + "-wal", path + "-shm"} {
		if err := datadir.Remove(log); err != nil {
			return err
		}
	}
	return datadir.Sync(filepath.Dir(path))
}

// restorePatience is how long [Restore] waits for a command that works on the
// database. No daemon runs, so nothing else waits.
const restorePatience = 2 * time.Second

// leaveWAL moves everything from the log into the file and removes the log. It
// succeeds only when nobody else has the database open.
func (s *Store) leaveWAL(ctx context.Context) error {
	s.db.SetMaxIdleConns(0) // our own other connections would be in the way
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fault(s.path, err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, restorePatience.Milliseconds())); err != nil {
		return fault(s.path, err)
	}
	var mode string
	if err := conn.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode); err != nil {
		return busyOr(fault(s.path, err))
	}
	if mode != "delete" {
		return ErrBusy
	}
	return nil
}

// copyPrivate copies a file for the data directory's owner's eyes only.
func copyPrivate(from, to string) (err error) {
	source, err := datadir.OpenOutside(from)
	if err != nil {
		return err
	}
	defer source.Close()
	f, err := datadir.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, source); err != nil {
		return fault(to, err)
	}
	return fault(to, f.Sync())
}

// removeStaging removes what a restore has not put in place. It may hold people
// who have left.
func removeStaging(dir string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := datadir.Remove(filepath.Join(dir, stagingFile+suffix)); err != nil {
			return err
		}
	}
	return nil
}

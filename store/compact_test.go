package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// reading opens the database as a backup tool does and leaves a read transaction
// open until end.
func (tw *town) reading() (end func()) {
	tw.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(tw.dir, databaseFile)+"?mode=ro")
	must(tw.t, err)
	tx, err := db.Begin()
	must(tw.t, err)
	var n int
	must(tw.t, tx.QueryRow(`SELECT count(*) FROM subscribers`).Scan(&n))
	return func() {
		must(tw.t, tx.Rollback())
		must(tw.t, db.Close())
	}
}

// cost is what compacting has cost so far: SQLite counts in the schema's version
// how often the database was written anew.
type cost struct{ rewritten, log int64 }

func (tw *town) cost() (c cost) {
	tw.t.Helper()
	must(tw.t, tw.db.QueryRow(`PRAGMA schema_version`).Scan(&c.rewritten))
	info, err := os.Stat(filepath.Join(tw.dir, databaseFile+"-wal"))
	must(tw.t, err)
	c.log = info.Size()
	return c
}

// gone has somebody leave and erased from the list.
func (tw *town) gone(p Person, want error) {
	tw.t.Helper()
	_, err := tw.Forget(tw.t.Context(), p, noon(), noon())
	must(tw.t, err)
	if err := tw.Erase(tw.t.Context(), tw.due(noon())); !errors.Is(err, want) {
		tw.t.Fatalf("got %v, want %v", err, want)
	}
	equal(tw.t, "still due", len(tw.due(noon())), 0)
}

// A reader costs the log one database, once: not with each attempt, and not with
// each person who leaves meanwhile. Their rows go all the same, and the bytes when
// the reader has ended.
func TestG5_AReaderCostsOneRewrite(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(1000)
	must(t, tw.emptied())
	file, err := os.Stat(tw.path)
	must(t, err)
	before := tw.cost()
	end := tw.reading()
	tw.gone(ermenegilda(), ErrBusy)
	first := tw.cost()
	equal(t, "rewritten beside the reader", first.rewritten-before.rewritten, 1)
	for range 5 {
		if err := tw.Compact(t.Context()); !errors.Is(err, ErrBusy) {
			t.Fatalf("got %v, want %v", err, ErrBusy)
		}
	}
	equal(t, "cost of five attempts", tw.cost(), first)

	for n := range 3 {
		tw.gone(citizen(n), ErrBusy)
	}
	others := tw.cost()
	equal(t, "rewritten for others", others.rewritten, first.rewritten)
	if grown := others.log - first.log; grown > file.Size()/2 {
		t.Errorf("the log grew by %d bytes for three people, the database has %d", grown, file.Size())
	}
	equal(t, "subscribers", tw.rows("subscribers"), 997)
	if len(tw.traces()) == 0 {
		t.Fatal("the reader hindered nothing")
	}

	end()
	must(t, tw.Compact(t.Context()))
	equal(t, "rewritten, and the log empty", tw.cost(), cost{first.rewritten + 1, tw.cost().log})
	if left := tw.cost().log; left > file.Size()/2 {
		t.Errorf("the log still has %d bytes", left)
	}
	for _, trace := range tw.traces() {
		t.Error("left behind:", trace)
	}
	done := tw.cost()
	must(t, tw.Compact(t.Context()))
	equal(t, "once more", tw.cost(), done)
}

// What was written anew beside a reader is not written anew again when it ends.
func TestG5_NoSecondRewriteWhenTheReaderEnds(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(100)
	end := tw.reading()
	tw.gone(ermenegilda(), ErrBusy)
	once := tw.cost()
	end()
	must(t, tw.Compact(t.Context()))
	equal(t, "rewritten", tw.cost().rewritten, once.rewritten)
	for _, trace := range tw.traces() {
		t.Error("left behind:", trace)
	}
}

// The same with another process, which holds the file until it is killed.
func TestG5_AnotherProcessReads(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(100)
	reader := start(t, "read the list", tw.dir)
	tw.gone(ermenegilda(), ErrBusy)
	tw.handle(citizen(7), noon(), func(i *Inbox) error { return i.Answer(Other, "?") }) // nobody else waits for it
	equal(t, "answer", tw.claimAnswer(noon()).Answer, Other)
	if len(tw.traces()) == 0 {
		t.Fatal("the process hindered nothing")
	}
	kill(t, reader)
	must(t, tw.Compact(t.Context()))
	for _, trace := range tw.traces() {
		t.Error("left behind:", trace)
	}
}

// An answer waits for a reader a tenth of a second at most, also where the other
// database has one too.
func TestPatienceWithReaders(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(10)
	end := tw.reading()
	defer end()
	tw.gone(ermenegilda(), ErrBusy)
	conn, err := tw.db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	tw.Store.write.Lock()
	defer tw.Store.write.Unlock()
	if err := tw.compact(t.Context(), conn, true); !errors.Is(err, ErrBusy) {
		t.Fatalf("got %v, want %v", err, ErrBusy)
	}
	var patience int
	must(t, conn.QueryRowContext(t.Context(), `PRAGMA busy_timeout`).Scan(&patience))
	equal(t, "milliseconds", patience, 100)
}

// A log that has grown under a reader, or by one large transaction, is cut off again,
// though nobody is to be erased.
func TestALogBeyondItsLimitIsEmptied(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	before := tw.cost()
	end := tw.reading()
	for _, statement := range []string{`CREATE TABLE ballast (bytes BLOB)`, `INSERT INTO ballast VALUES (zeroblob(33 << 20))`, `DROP TABLE ballast`} {
		_, err := tw.db.Exec(statement)
		must(t, err)
	}
	grown := tw.cost()
	if err := tw.Compact(t.Context()); !errors.Is(err, ErrBusy) {
		t.Fatalf("got %v, want %v", err, ErrBusy)
	}
	equal(t, "cost of the attempt", tw.cost(), grown)
	end()
	must(t, tw.Compact(t.Context()))
	equal(t, "after it", tw.cost(), cost{grown.rewritten, 0})
	equal(t, "the log was too large", grown.log > overgrownLog && before.log < overgrownLog, true)
}

// emptied empties the log where nothing is owed.
func (tw *town) emptied() error {
	var busy, pages, moved int
	return tw.db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
}

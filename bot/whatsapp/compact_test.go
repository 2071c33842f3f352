package whatsapp

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

// readSession opens session.db in dir as another program does, and leaves a read transaction open until end.
func readSession(t *testing.T, dir string) (end func()) {
	t.Helper()
	db, err := sql.Open("sqlite3", dsn(filepath.Join(dir, sessionFile), "mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow("SELECT count(*) FROM whatsmeow_sessions").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() { _, _ = tx.Rollback(), db.Close() }
}

// compacting is what it has cost so far: SQLite counts in the schema's version how often the file was written anew.
type compacting struct{ rewritten, journal int64 }

func costOf(t *testing.T, c *Client) (cost compacting) {
	t.Helper()
	if err := c.db.QueryRow("PRAGMA schema_version").Scan(&cost.rewritten); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(c.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	cost.journal = info.Size()
	return cost
}

// aTownOfKeys has so many people in session.db, of whom [nth] is one.
func aTownOfKeys(t *testing.T, dir string, people int) *Client {
	t.Helper()
	c := openForTest(t, dir)
	insertDevice(t, c.db, "393343679575:1@s.whatsapp.net")
	for n := range people {
		insertPerson(t, c.db, "393343679575:1@s.whatsapp.net", person{nth(n).Number[1:], nth(n).LID})
	}
	return c
}

func nth(n int) Address {
	digits := string([]byte{'0' + byte(n/10), '0' + byte(n%10)})
	return Address{Number: "+3933312345" + digits, LID: "1175403274812" + digits}
}

func expectBusy(t *testing.T, what string, err error) {
	t.Helper()
	if err != ErrBusy {
		t.Fatalf("%s: got %v, want ErrBusy", what, err)
	}
}

// A reader of session.db costs the journal one file, once: not with each attempt, and not with each person who is forgotten
// meanwhile. Their rows go all the same.
func TestG5_AReaderCostsOneRewrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := aTownOfKeys(t, dir, 20)
	before := costOf(t, c)
	end := readSession(t, dir)
	expectBusy(t, "the first", c.Forget(t.Context(), []Address{nth(0)}))
	first := costOf(t, c)
	if first.rewritten != before.rewritten+1 {
		t.Errorf("written anew %d times beside the reader, want once", first.rewritten-before.rewritten)
	}
	for range 5 {
		expectBusy(t, "again", c.Compact(t.Context()))
	}
	if now := costOf(t, c); now != first {
		t.Errorf("five attempts cost %d bytes", now.journal-first.journal)
	}
	rows := countRows(t, c.db)
	expectBusy(t, "the second", c.Forget(t.Context(), []Address{nth(1)}))
	if now := countRows(t, c.db); now != rows*18/19 {
		t.Errorf("%d rows of %d are left", now, rows)
	}
	if now := costOf(t, c); now.rewritten != first.rewritten {
		t.Error("written anew for the second, too, beside the reader")
	}
	var patience int
	if err := c.db.QueryRow("PRAGMA busy_timeout").Scan(&patience); err != nil || patience != busyTimeout {
		t.Errorf("everything else waits %d ms for a writer, %v", patience, err)
	}
	end()
	if err := c.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := costOf(t, c); now.rewritten != first.rewritten+1 {
		t.Errorf("written anew %d times for the second, want once", now.rewritten-first.rewritten)
	}
	for n := range 2 {
		if all := sessionBytes(t, dir); bytes.Contains(all, []byte(nth(n).Number[1:])) || bytes.Contains(all, []byte(nth(n).LID)) {
			t.Errorf("session.db still holds person %d", n)
		}
	}
}

// What was written anew beside a reader is not written anew again when it ends.
func TestG5_NoSecondRewriteWhenTheReaderEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := aTownOfKeys(t, dir, 2)
	end := readSession(t, dir)
	expectBusy(t, "beside a reader", c.Forget(t.Context(), []Address{nth(0)}))
	once := costOf(t, c)
	end()
	for range 2 { // the second finds nothing to do
		if err := c.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if now := costOf(t, c); now.rewritten != once.rewritten {
		t.Error("written anew once more")
	}
}

// What is owed is remembered across restarts, and other processes can see it.
func TestG5_TheSessionRemembersWhatItOwes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	owed := func(want bool) {
		t.Helper()
		if got, err := ErasureOwed(t.Context(), dir); err != nil || got != want {
			t.Errorf("owed: %v, %v, want %v", got, err, want)
		}
	}
	owed(false)
	c := aTownOfKeys(t, dir, 2)
	owed(false)
	end := readSession(t, dir)
	expectBusy(t, "beside a reader", c.Forget(t.Context(), []Address{nth(0)}))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(sessionBytes(t, dir), []byte(nth(0).LID)) {
		t.Fatal("the reader hindered nothing")
	}
	owed(true)
	c = openForTest(t, dir)
	expectBusy(t, "after a restart", c.Compact(t.Context()))
	end()
	if err := c.Forget(t.Context(), nil); err != nil { // nobody, and what was owed
		t.Fatal(err)
	}
	owed(false)
	if bytes.Contains(sessionBytes(t, dir), []byte(nth(0).LID)) {
		t.Error("session.db still holds the first")
	}
}

// A journal that has grown under a reader is cut off again, though nobody is to be forgotten.
func TestAJournalBeyondItsLimitIsEmptied(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := aTownOfKeys(t, dir, 1)
	end := readSession(t, dir)
	for _, statement := range []string{"CREATE TABLE ballast (bytes BLOB)", "INSERT INTO ballast VALUES (zeroblob(33 << 20))", "DROP TABLE ballast"} {
		if _, err := c.db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	grown := costOf(t, c)
	expectBusy(t, "beside a reader", c.Compact(t.Context()))
	if now := costOf(t, c); now != grown || grown.journal <= journalLimit {
		t.Errorf("the journal had %d bytes, and has %d", grown.journal, now.journal)
	}
	end()
	if err := c.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := costOf(t, c); now.journal != 0 || now.rewritten != grown.rewritten {
		t.Errorf("the journal has %d bytes; written anew: %v", now.journal, now.rewritten != grown.rewritten)
	}
}

// Nothing else can use session.db while Compact waits for a reader: so it does not wait long.
func TestPatienceWithReaders(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	var patience int
	err := c.impatient(t.Context(), func(conn *sql.Conn) error {
		return conn.QueryRowContext(t.Context(), "PRAGMA busy_timeout").Scan(&patience)
	})
	if err != nil || patience != 100 {
		t.Errorf("it waits %d ms, %v, want a tenth of a second", patience, err)
	}
}

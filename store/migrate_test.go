package store

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every version that was ever released can be opened, keeps what it held, and
// ends with the schema of a new database.
func TestEveryOldVersionIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	versions, err := fs.Glob(migrations, "migrations/*.sql")
	must(t, err)
	if len(versions) == 0 {
		t.Fatal("no migrations")
	}
	fresh := newTown(t)
	for n := range versions {
		t.Run(fmt.Sprint("version ", n+1), func(t *testing.T) {
			t.Parallel()
			tw := openFixture(t, fmt.Sprintf("testdata/v%d.sql", n+1))
			equal(t, "schema", tw.schema(), fresh.schema())
			checkFixture(tw, n+1)
		})
	}
}

// openFixture opens what a script wrote, after more was written.
func openFixture(t *testing.T, script string, more ...string) *town {
	t.Helper()
	statements, err := os.ReadFile(script)
	must(t, err)
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	path := filepath.Join(dir, databaseFile)
	must(t, os.WriteFile(path, nil, 0o600))
	db, err := sql.Open("sqlite3", dsn(path, false))
	must(t, err)
	_, err = db.Exec(string(statements) + strings.Join(more, ";"))
	must(t, err)
	must(t, db.Close())
	s, err := Open(t.Context(), dir)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return &town{Store: s, t: t, dir: dir}
}

// checkFixture looks for what every fixture holds.
func checkFixture(tw *town, version int) {
	t := tw.t
	t.Helper()
	list := tw.list()
	if version >= 4 {
		equal(t, "evidence", list[0].Evidence, Evidence{Words: "Attiva Notizie Mario Rossi Saronno", MessageID: "IN0", Wording: "0123456789ab",
			Written: time.UnixMilli(1795435199000).UTC(), Confirmed: time.UnixMilli(1795435201000).UTC()})
		list[0].Evidence = Evidence{}
	}
	equal(t, "subscribers", len(list), 3)
	for n := range list {
		if code, ok := ParseCode(string(list[n].Code)); !ok || code != list[n].Code {
			t.Errorf("a code is %q", list[n].Code)
		}
		list[n].Code = ""
	}
	equal(t, "news from", list[0].NewsFrom, time.Time{})
	equal(t, "first", list[0], Subscriber{
		ID: 1, Person: Person{number, lid}, Details: Details{"Mario", "Rossi", "Saronno"},
		Since: time.UnixMilli(1795435200000).UTC(),
	})
	counts := Counts{Recipients: 3, Waiting: 2, Sent: 1, Delivered: 1, Read: 1}
	if version >= 8 {
		counts.Paused = 1
		modes, err := tw.Modes(t.Context(), noon())
		must(t, err)
		equal(t, "modes", modes, Modes{All: 1, Urgent: 1, Paused: 1})
		equal(t, "asked", tw.open(Person{Number: newNumber}).Asked, AskedLeave)
	}
	if version >= 4 {
		eva := tw.open(Person{Number: "+393335550000"})
		equal(t, "asked", eva.Asked, AskedDetails)
		equal(t, "since when is known", eva.Since.IsZero(), false)
	}
	equal(t, "counts", tw.look(1).Counts, counts)
	equal(t, "stopped", tw.look(2).State, Stopped)
	n, err := tw.Recover(t.Context(), noon())
	must(t, err)
	equal(t, "taken back", n, 1)
	now := time.UnixMilli(1795435260000)
	equal(t, "delivery", tw.claim(now).MessageID, "ID2")
	equal(t, "answer", tw.claimAnswer(now).MessageID, "ID5")
	equal(t, "to be erased", len(tw.due(now)), 1)
	link, ok, err := tw.Link(t.Context())
	must(t, err)
	equal(t, "link", ok && link.Connected, true)
}

func (tw *town) schema() (all string) {
	tw.t.Helper()
	must(tw.t, tw.db.QueryRow(`SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)`).Scan(&all))
	return all
}

// schema.sql is what the migrations lead to, object by object.
func TestSchemaIsWhatMigrationsLeadTo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.sql")
	must(t, err)
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "schema.db"))
	must(t, err)
	defer db.Close()
	_, err = db.Exec(string(text))
	must(t, err)
	written, real := objects(t, db), objects(t, newTown(t).db)
	for name, want := range real {
		equal(t, name, written[name], want)
	}
	equal(t, "objects", len(written), len(real))
	if len(real) < 50 {
		t.Errorf("%d objects", len(real))
	}
}

// objects are the tables, indexes and triggers of a database by name, without
// their comments and in one spelling.
func objects(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.Query(`SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL`)
	must(t, err)
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var name, text string
		must(t, rows.Scan(&name, &text))
		text = strings.Join(strings.Fields(comment.ReplaceAllString(text, "")), " ")
		all[name] = strings.NewReplacer(`"`, "", " ,", ",", "( ", "(", " )", ")").Replace(text)
	}
	must(t, rows.Err())
	return all
}

func TestNewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	_, err := tw.db.Exec("PRAGMA user_version = 99")
	must(t, err)
	must(t, tw.Store.Close())
	_, err = Open(t.Context(), tw.dir)
	mustBeFault(t, err, tw.path, "newer")
	_, err = OpenExisting(t.Context(), tw.dir)
	mustBeFault(t, err, tw.path, "newer")
}

// A migration that fails leaves the version before it.
func TestMigrationIsOneTransaction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	path := filepath.Join(dir, databaseFile)
	must(t, os.WriteFile(path, nil, 0o600))
	db, err := sql.Open("sqlite3", dsn(path, false))
	must(t, err)
	defer db.Close()
	_, err = db.Exec("CREATE TABLE departures (in_the_way)") // late in the first script
	must(t, err)
	if _, err := Open(t.Context(), dir); err == nil {
		t.Fatal("no error")
	}
	var version, tables int
	must(t, db.QueryRow("SELECT user_version, (SELECT count(*) FROM sqlite_schema WHERE type = 'table') FROM pragma_user_version").Scan(&version, &tables))
	equal(t, "version", version, 0)
	equal(t, "tables", tables, 1)
}

func TestSchemaRefusesNonsense(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("1.txt"))
	for _, statement := range []string{
		`INSERT INTO subscribers (given_name, family_name, comune, since) VALUES ('', '', '', 1)`,
		`UPDATE subscribers SET number = '333'`,
		`UPDATE subscribers SET since = 'today'`,
		`UPDATE deliveries SET state = 'gone'`,
		`UPDATE deliveries SET preview_number = '+393331234567'`,
		`UPDATE deliveries SET announcement = 99`,
		`UPDATE announcements SET state = 'paused'`,
		`DELETE FROM announcements`,
		`INSERT INTO daemon (id) VALUES (2)`,
	} {
		if _, err := tw.db.Exec(statement); err == nil {
			t.Errorf("accepted: %s", statement)
		}
	}
}

// The words of version 6 that had two meanings are gone from what it wrote.
func TestOldWordsBecomeTrue(t *testing.T) {
	t.Parallel()
	tw := openFixture(t, "testdata/v6.sql", `
		INSERT INTO announcements (id, name, file, text, content_hash, urgent, preview, state, accepted_at, not_before)
			VALUES (3, 'mostra.txt', 'mostra.txt', 'La mostra', zeroblob(32), 0, 0, 'sent', 1, 1);
		INSERT INTO tallies VALUES (3, 'news', 0, 'read', 2), (3, 'news', 0, 'left', 1);
		UPDATE erasures SET left_at = 1795435200000;`)
	over := tw.look(3)
	equal(t, "state", over.State, Finished)
	equal(t, "counts", over.Counts, Counts{Recipients: 3, Sent: 2, Delivered: 2, Read: 2, Unsubscribed: 1})
	equal(t, "still running", tw.look(1).State, Running)
	equal(t, "stopped", tw.look(2).State, Stopped)
	due, err := tw.DueErasures(t.Context(), time.UnixMilli(1795435260000))
	must(t, err)
	equal(t, "unsubscribed", due[0].UnsubscribedAt, time.UnixMilli(1795435200000).UTC())
	equal(t, "ordinary", tw.look(1).Priority, Ordinary)
	equal(t, "a preview", tw.look(2).Priority, Urgent)
}

// Who was asked for their consent by version 7 has been asked whether what we
// understood is right.
func TestOldQuestionsStayOpen(t *testing.T) {
	t.Parallel()
	tw := openFixture(t, "testdata/v7.sql", `
		INSERT INTO handled VALUES ('A', NULL, '555', 1795435000000, 1795435000000, 0), ('B', NULL, '555', 1795435100000, 1795435100000, 0);
		INSERT INTO signups VALUES (2, NULL, '555', 'consent', 'Eva', 'Rossi', 'Saronno', 'Attiva Notizie Eva Rossi Saronno', 1795521600000);`)
	equal(t, "question", tw.open(Person{LID: "555"}), Question{
		Asked: AskedCheck, Details: Details{"Eva", "Rossi", "Saronno"}, Words: "Attiva Notizie Eva Rossi Saronno", Since: time.UnixMilli(1795435100000).UTC(),
	})
	equal(t, "questions", tw.rows("questions"), 2)
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// intruders is one statement for each kind of thing that the schema of a file can
// hold and ours does not, with the name that must be said.
func intruders() map[string]struct{ statement, name string } {
	type c = struct{ statement, name string }
	return map[string]c{
		"trigger that keeps who is erased": {`CREATE TRIGGER keep AFTER DELETE ON subscribers BEGIN INSERT INTO wordings VALUES (OLD.number, OLD.given_name, 1); END`, "keep"},
		"trigger before":                   {`CREATE TRIGGER keep BEFORE DELETE ON answers BEGIN SELECT raise(IGNORE); END`, "keep"},
		"trigger in the place of ours":     {`DROP TRIGGER subscribers_gone; CREATE TRIGGER subscribers_gone AFTER DELETE ON subscribers BEGIN UPDATE daemon SET gone = gone + 2; END`, "subscribers_gone"},
		"trigger with an ANSI name":        {"CREATE TRIGGER \"\x1b[2Jkeep\" AFTER DELETE ON subscribers BEGIN SELECT 1; END", `\x1b[2Jkeep`},
		"trigger of a view":                {`CREATE VIEW v AS SELECT 1 AS a; CREATE TRIGGER keep INSTEAD OF INSERT ON v BEGIN SELECT 1; END`, `"v"`},
		"view":                             {`CREATE VIEW everybody AS SELECT * FROM subscribers`, "everybody"},
		"view in the place of a table":     {`ALTER TABLE unmatched RENAME TO other; CREATE VIEW unmatched AS SELECT * FROM other`, "other"},
		"table":                            {`CREATE TABLE copies (number TEXT)`, "copies"},
		"table from a query":               {`CREATE TABLE copies AS SELECT * FROM subscribers`, "copies"},
		"virtual table":                    {`CREATE VIRTUAL TABLE pages USING rtree (id, a, b)`, "pages"},
		"statistics":                       {`ANALYZE`, "sqlite_stat1"},
		"index":                            {`CREATE INDEX by_name ON subscribers (family_name)`, "by_name"},
		"index of an expression":           {`CREATE INDEX by_name ON subscribers (upper(family_name))`, "by_name"},
		"index in the place of ours":       {`DROP INDEX erasures_by_time; CREATE INDEX erasures_by_time ON erasures (due DESC)`, "erasures_by_time"},
		"unique index":                     {`DROP INDEX answers_by_time; CREATE UNIQUE INDEX answers_by_time ON answers (created)`, "answers_by_time"},
		"partial index":                    {`DROP INDEX answers_by_lid; CREATE INDEX answers_by_lid ON answers (lid) WHERE lid <> '1'`, "answers_by_lid"},
		"column":                           {`ALTER TABLE subscribers ADD COLUMN note TEXT`, `"note"`},
		"generated column":                 {`ALTER TABLE subscribers ADD COLUMN note TEXT GENERATED ALWAYS AS (number || lid)`, `"note"`},
		"column with a default":            {`ALTER TABLE handled ADD COLUMN note TEXT DEFAULT (hex(randomblob(9)))`, `"note"`},
		"column with another name":         {`ALTER TABLE handled RENAME COLUMN wish TO want`, `"want"`},
		"table with another name":          {`ALTER TABLE handled RENAME TO done`, `"done"`},
		"index away":                       {`DROP INDEX handled_by_lid`, "handled_by_lid"},
		"trigger away":                     {`DROP TRIGGER deliveries_added`, "deliveries_added"},
		"table away":                       {`DROP TABLE unmatched`, "unmatched"},
		"no daemon":                        {`DELETE FROM daemon`, "daemon"},
		"a counter at its end":             {`UPDATE sqlite_sequence SET seq = 9223372036854775807`, "sqlite_sequence"},
		"a counter that is none":           {`UPDATE sqlite_sequence SET seq = 'x'`, "sqlite_sequence"},
		"a counter of nothing":             {`INSERT INTO sqlite_sequence VALUES ('copies', 1)`, "sqlite_sequence"},
		"another program's":                {`PRAGMA application_id = 77`, "another program"},
		"a version before the first":       {`PRAGMA user_version = -1`, "another program"},
	}
}

// edits change what stands in sqlite_master itself, as only who means harm does.
func edits() map[string]struct{ statement, name string } {
	type c = struct{ statement, name string }
	replaced := func(table, old, with string) string {
		return fmt.Sprintf(`UPDATE sqlite_master SET sql = replace(sql, '%s', '%s') WHERE name = '%s'`, old, with, table)
	}
	return map[string]c{
		"no longer strict":      {replaced("handled", "STRICT", ""), "handled"},
		"another CHECK":         {replaced("subscribers", "number GLOB", "length(number) > 1 OR number GLOB"), `"number"`},
		"another default":       {replaced("answers", "DEFAULT 1", "DEFAULT 9"), `"rank"`},
		"a collation":           {replaced("handled", "number     TEXT", "number     TEXT COLLATE NOCASE"), `"number"`},
		"a type":                {replaced("handled", "wish INTEGER", "wish ANY"), `"wish"`},
		"NULLs":                 {replaced("wordings", "text    TEXT NOT NULL", "text    TEXT"), `"text"`},
		"another generated one": {replaced("announcements", "2, released)", "2, 2)"), `"priority"`},
		"a stored one":          {replaced("announcements", "VIRTUAL", "STORED"), "announcements"},
		"no reference":          {replaced("deliveries", "ON DELETE CASCADE", ""), `"subscriber"`},
		"a quoted word":         {replaced("wordings", "STRICT, WITHOUT", "WITHOUT"), "wordings"},
		"an index's statement":  {replaced("answers_by_time", "(created)", "(due)"), "answers_by_time"},
		"a trigger's statement": {replaced("subscribers_gone", "gone + 1", "gone + 0"), "subscribers_gone"},
		"a table of two":        {`UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'handled') WHERE name = 'erasures'`, "erasures"},
		"a table of the schema": {`UPDATE sqlite_master SET rootpage = 1 WHERE name = 'handled'`, ""},
		"a name of SQLite's":    {`INSERT INTO sqlite_master VALUES ('view', 'sqlite_schema', 'sqlite_schema', 0, 'CREATE VIEW sqlite_schema AS SELECT 1')`, ""},
		"another name":          {`UPDATE sqlite_master SET name = 'x' WHERE name = 'handled'`, ""},
		"another type":          {`UPDATE sqlite_master SET type = 'view' WHERE name = 'handled'`, ""},
		"no statement":          {`UPDATE sqlite_master SET sql = NULL WHERE name = 'handled'`, ""},
		"a type that is none":   {`INSERT INTO sqlite_master VALUES ('spy', 'spy', 'spy', 0, NULL)`, ""},
		"a very long one":       {replaced("handled", "STRICT", "STRICT /* ' || hex(zeroblob(200000)) || ' */"), "handled"},
	}
}

// backupWith is a backup that somebody has worked on.
func backupWith(t testing.TB, good []byte, statement string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.db")
	must(t, os.WriteFile(path, good, 0o600))
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	db.SetMaxOpenConns(1)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // a statement may run for ever
	defer cancel()
	_, err = db.ExecContext(ctx, "PRAGMA writable_schema = ON; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; "+statement)
	return path, errors.Join(err, db.Close())
}

func goodBackup(t *testing.T) []byte {
	t.Helper()
	tw := newTown(t)
	tw.crowd(5)
	tw.publish(announcement("1.txt"))
	good, err := os.ReadFile(tw.backup())
	must(t, err)
	return good
}

// G5, G9: a backup is data. What its schema holds beside ours is refused by name, at a
// restore, at the start, and by who only reads; the file stays as it was.
func TestG5_AForeignSchemaIsRefusedByName(t *testing.T) {
	t.Parallel()
	good := goodBackup(t)
	cases := intruders()
	for name, c := range edits() {
		cases[name] = c
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := backupWith(t, good, c.statement)
			must(t, err)
			tw := newTown(t)
			tw.crowd(2)
			must(t, tw.Store.Close())
			_, err = Restore(t.Context(), tw.dir, path, nil, noon())
			t.Log(err)
			if words := "somebody has changed"; c.name == "" {
				mustBeFault(t, err, path, "")
			} else {
				mustBeFault(t, err, path, c.name)
				mustBeFault(t, err, path, words)
			}
			tw.reopen()
			equal(t, "the list as it was", tw.rows("subscribers"), 2)
			must(t, tw.Store.Close())
			content, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(tw.path, content, 0o600))
			for _, open := range []func() error{
				func() error { _, err := Open(t.Context(), tw.dir); return err },
				func() error { _, err := OpenExisting(t.Context(), tw.dir); return err },
			} {
				mustBeFault(t, open(), tw.path, c.name)
			}
			after, err := os.ReadFile(tw.path)
			must(t, err)
			equal(t, "left as it was, but for the kind of log", string(after[100:]) == string(content[100:]), true)
		})
	}
}

// A trigger cannot act while an older file is brought up to date: each version is
// judged as it was.
func TestG5_AnOldVersionIsJudgedBeforeItIsMigrated(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 8; version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			t.Parallel()
			statements, err := os.ReadFile(fmt.Sprintf("testdata/v%d.sql", version))
			must(t, err)
			path, err := backupWith(t, nil, string(statements)+`;
				CREATE TRIGGER keep AFTER UPDATE ON daemon BEGIN DELETE FROM subscribers; END`)
			must(t, err)
			tw := newTown(t)
			must(t, tw.Store.Close())
			_, err = Restore(t.Context(), tw.dir, path, nil, noon())
			mustBeFault(t, err, path, `"keep"`)
		})
	}
}

// What stands in rows is somebody's word too.
func TestG9_ValuesThatNoneOfOursCanHaveAreRefused(t *testing.T) {
	t.Parallel()
	good := goodBackup(t)
	for name, c := range map[string]struct{ statement, column string }{
		"a file out of the spool":       {`UPDATE announcements SET file = '../../etc/passwd'`, "file"},
		"an absolute file":              {`UPDATE announcements SET file = '/etc/passwd'`, "file"},
		"the folder itself":             {`UPDATE announcements SET file = '..'`, "file"},
		"an attachment's file":          {`INSERT INTO attachments (announcement, position, name, file, kind, mime, width, height, seconds, pages, hash, dropped_hash) VALUES (1, 0, 'a', 'x/../../y', 'image', '', 0, 0, 0, 0, zeroblob(32), zeroblob(32))`, "file"},
		"a folder":                      {`UPDATE announcements SET folder = '../da_inviare'`, "folder"},
		"no number":                     {`UPDATE subscribers SET number = '+39 333' WHERE id = 1`, "number"},
		"a preview for no number":       {`INSERT INTO deliveries (announcement, preview_number, message_id, due) VALUES (1, '+1@g.us', 'X', 1)`, "preview_number"},
		"a LID that is none":            {`UPDATE subscribers SET lid = '1@s.whatsapp.net' WHERE id = 1`, "lid"},
		"a name with an escape":         {`UPDATE subscribers SET given_name = 'A' || char(27) || '[2J' WHERE id = 1`, "given_name"},
		"a name with a line break":      {`UPDATE subscribers SET comune = 'A' || char(10) || 'B' WHERE id = 1`, "comune"},
		"a name without end":            {`UPDATE subscribers SET family_name = hex(zeroblob(5000)) WHERE id = 1`, "family_name"},
		"a text without end":            {`UPDATE subscribers SET words = hex(zeroblob(2000000)) WHERE id = 1`, "words"},
		"a time before all":             {`UPDATE subscribers SET since = -62135596800001 WHERE id = 1`, "since"},
		"a time after all":              {`UPDATE announcements SET not_before = 253402300800000`, "not_before"},
		"a code":                        {`UPDATE subscribers SET code = 'abc' WHERE id = 1`, "code"},
		"no list of Comuni":             {`UPDATE announcements SET comuni = '{'`, "comuni"},
		"a problem with an escape":      {`INSERT INTO problems VALUES ('disk', 1, 'alarm', char(27) || ']0;x', '')`, "sentence"},
		"rows without what they are of": {`INSERT INTO tallies VALUES (99, 'news', 0, 'sent', 1)`, "does not hold"},
		"a row that its table refuses":  {`INSERT INTO daemon (id, link_connected) VALUES (1, 7) ON CONFLICT DO UPDATE SET link_connected = 7`, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := backupWith(t, good, c.statement)
			must(t, err)
			tw := newTown(t)
			must(t, tw.Store.Close())
			_, err = Restore(t.Context(), tw.dir, path, nil, noon())
			mustBeFault(t, err, path, c.column)
			if strings.Contains(err.Error(), "\x1b") || strings.Contains(err.Error(), "passwd") {
				t.Errorf("the value is repeated: %q", err)
			}
		})
	}
}

// FuzzSchema works on a good file by statements, and on its bytes: what makes its
// schema another is refused, and nothing makes the check fail in another way.
func FuzzSchema(f *testing.F) {
	dir := f.TempDir()
	must(f, os.Chmod(dir, 0o700))
	s, err := Open(f.Context(), dir)
	must(f, err)
	must(f, s.leaveWAL(f.Context()))
	must(f, s.Close())
	good, err := os.ReadFile(filepath.Join(dir, databaseFile))
	must(f, err)
	f.Add("", uint32(0), byte(0))
	f.Add("SELECT 1", uint32(28), byte(1))
	for _, list := range []map[string]struct{ statement, name string }{intruders(), edits()} {
		for _, c := range list {
			f.Add(c.statement, uint32(0), byte(0))
			f.Add(c.statement, uint32(100), byte(0x41))
		}
	}
	f.Fuzz(func(t *testing.T, statement string, at uint32, flip byte) {
		before := schemaText(t, good)
		path, _ := backupWith(t, good, statement)
		content, err := os.ReadFile(path)
		must(t, err)
		if len(content) == 0 || len(content) > 8<<20 {
			return
		}
		content[int(at)%len(content)] ^= flip
		after := schemaText(t, content)
		dir := t.TempDir()
		must(t, os.Chmod(dir, 0o700))
		must(t, os.WriteFile(filepath.Join(dir, databaseFile), content, 0o600))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s, err := Open(ctx, dir)
		if err == nil {
			must(t, s.Close())
		}
		if ctx.Err() != nil {
			t.Error("it hangs")
		}
		if err == nil && after != before {
			t.Errorf("accepted:\n%s", after)
		}
	})
}

// schemaText is what a file says of its schema; of one that cannot be read, nothing
// that is like a good one.
func schemaText(t *testing.T, content []byte) (all string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	must(t, os.WriteFile(path, content, 0o600))
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	defer db.Close()
	err = db.QueryRow(`SELECT group_concat(type || '|' || name || '|' || tbl_name || '|' || coalesce(sql, ''), char(10)) FROM (SELECT * FROM sqlite_master ORDER BY type, name)`).Scan(&all)
	if err != nil {
		return "unreadable"
	}
	return strings.Join(strings.Fields(comment.ReplaceAllString(all, "")), "")
}

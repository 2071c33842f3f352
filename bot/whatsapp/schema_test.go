package whatsapp_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"banditore/bot/whatsapp"
)

// workedOn is a data directory whose session.db somebody has worked on.
func workedOn(t *testing.T, statement string) whatsapp.Options {
	t.Helper()
	o := whatsapp.Options{Dir: t.TempDir(), Number: comuneNumber}
	c, err := whatsapp.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(o.Dir, "session.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA writable_schema = ON; " + statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return o
}

// G5, G9: what the schema of session.db holds beside the library's and our own is refused by name, at every opening and by
// who only looks something up.
func TestG5_AForeignSchemaOfSessionIsRefusedByName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, says string }{
		"trigger":              {`CREATE TRIGGER keep AFTER DELETE ON whatsmeow_sessions BEGIN INSERT INTO banditore_facts VALUES (OLD.their_id, ''); END`, `trigger "keep"`},
		"trigger on our table": {`CREATE TRIGGER keep BEFORE UPDATE ON banditore_facts BEGIN SELECT raise(IGNORE); END`, `trigger "keep"`},
		"view":                 {`CREATE VIEW everybody AS SELECT * FROM whatsmeow_lid_map`, `view "everybody"`},
		"view for a table":     {`DROP TABLE whatsmeow_nct_salt; CREATE VIEW whatsmeow_nct_salt AS SELECT 1`, `view "whatsmeow_nct_salt"`},
		"table":                {`CREATE TABLE copies (a)`, `table "copies"`},
		"virtual table":        {`CREATE VIRTUAL TABLE pages USING rtree (id, a, b)`, `table "pages`},
		"statistics":           {`ANALYZE; CREATE TABLE x (a); INSERT INTO x VALUES (1); CREATE INDEX y ON x (a); ANALYZE`, `table "`},
		"index":                {`CREATE INDEX by_pn ON whatsmeow_lid_map (upper(pn))`, `index "by_pn"`},
		"column":               {`ALTER TABLE whatsmeow_lid_map ADD COLUMN note TEXT`, `"note"`},
		"generated column":     {`ALTER TABLE whatsmeow_sessions ADD COLUMN note TEXT GENERATED ALWAYS AS (their_id)`, `"note"`},
		"default":              {`UPDATE sqlite_master SET sql = replace(sql, 'push_name     TEXT NOT NULL DEFAULT ''''', 'push_name TEXT NOT NULL DEFAULT ''x''') WHERE name = 'whatsmeow_device'`, `"push_name"`},
		"CHECK":                {`UPDATE sqlite_master SET sql = replace(sql, 'length(identity) = 32', 'length(identity) > 1') WHERE name = 'whatsmeow_identity_keys'`, `"identity"`},
		"no longer strict":     {`UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '') WHERE name = 'banditore_notices'`, `"banditore_notices"`},
		"index away":           {`DROP INDEX whatsmeow_retry_buffer_timestamp_idx`, `"whatsmeow_retry_buffer_timestamp_idx" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := workedOn(t, c.statement)
			_, err := whatsapp.Open(t.Context(), o)
			mustName(t, err, c.says)
			if name == "index away" {
				return // who looks something up does without
			}
			_, _, err = whatsapp.PairedNumber(t.Context(), o.Dir)
			mustName(t, err, c.says)
		})
	}
}

func mustName(t *testing.T, err error, says string) {
	t.Helper()
	f, ok := errors.AsType[*whatsapp.Fault](err)
	if !ok || !strings.Contains(f.Error(), says) || f.Remedy == "" {
		t.Errorf("got %v, want a fault that says %q", err, says)
	}
}

// Files of older libraries are brought up to date: what came since is missing in them.
func TestOlderSessionsAreBroughtUpToDate(t *testing.T) {
	t.Parallel()
	for name, older := range map[string]string{
		"before the nonce": `ALTER TABLE whatsmeow_device DROP COLUMN companion_meta_nonce; UPDATE whatsmeow_version SET version = 14`,
		"before the salt": `ALTER TABLE whatsmeow_device DROP COLUMN companion_meta_nonce; DROP TABLE whatsmeow_nct_salt;
			UPDATE whatsmeow_version SET version = 13`,
		"before the retry buffer": `ALTER TABLE whatsmeow_device DROP COLUMN companion_meta_nonce; DROP TABLE whatsmeow_nct_salt; DROP TABLE whatsmeow_retry_buffer;
			UPDATE whatsmeow_version SET version = 12`,
		"before our tables": `DROP TABLE banditore_facts; DROP TABLE banditore_notices; DROP TABLE banditore_stale_lids`,
		"an empty file":     `VACUUM`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := workedOn(t, older)
			c, err := whatsapp.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

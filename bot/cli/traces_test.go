package cli_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"banditore/bot/cli"
)

// works has somebody work on a database of the office.
func (o *office) works(file, statement string) {
	o.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(o.dir, "data", file))
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		o.t.Fatal(err)
	}
}

// G5: before it says that nothing is held, the command has looked; where somebody still
// stands it says so, and fails.
func TestG5_EraseSaysWhereSomebodyStillStands(t *testing.T) {
	t.Parallel()
	const digits = "393990000555"
	for name, c := range map[string]struct {
		file, statement, says string
		code                  int
	}{
		"nowhere":              {"store.db", `SELECT 1`, "nothing of this person is held", 0},
		"in somebody's words":  {"store.db", `UPDATE subscribers SET words = 'mio marito: ` + digits + `'`, "subscribers.words", cli.ExitFailure},
		"in what is published": {"store.db", `INSERT INTO wordings VALUES ('x', 'chiama +` + digits + `', 1)`, "wordings.text", 0},
		"in the session":       {"session.db", `INSERT INTO whatsmeow_privacy_tokens VALUES ('x', '` + digits + `@elsewhere', x'00', 1, 1)`, "session.db: whatsmeow_privacy_tokens.their_jid", cli.ExitFailure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.knows("+393990000777", "100000000000777") // there is a session.db
			o.works(c.file, c.statement)
			text, stderr := o.banditore(c.code, "subscribers", "erase", "+"+digits)
			must(t, text+stderr, c.says)
		})
	}
}

// G5, G9: a list that somebody has worked on is opened by no command, and the object is
// named.
func TestG5_CommandsRefuseAForeignSchema(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.works("store.db", `CREATE TRIGGER keep AFTER DELETE ON subscribers BEGIN SELECT 1; END`)
	for _, command := range [][]string{{"status"}, {"subscribers", "count"}, {"subscribers", "erase", "+393990000555"}, {"backup", filepath.Join(o.dir, "b.db")}} {
		_, stderr := o.banditore(cli.ExitData, command...)
		must(t, stderr, `trigger "keep"`)
	}
}

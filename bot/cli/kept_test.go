package cli_test

import (
	"database/sql"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"banditore/bot/cli"
	"banditore/store"
)

// schemaOf lists the columns of each table that is really there.
func schemaOf(t *testing.T, file string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		tables[table] = append(tables[table], column)
	}
	if err := rows.Err(); err != nil || len(tables) == 0 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	return tables
}

// Nothing is stored that the table of what is kept does not name, and it names
// nothing that is not there.
func TestG5_EveryColumnIsInTheTableOfWhatIsKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	there, told := schemaOf(t, filepath.Join(dir, "store.db")), cli.KeptIn("store.db")
	for table, columns := range there {
		for _, c := range columns {
			if !slices.Contains(strings.Fields(told[table]), c) {
				t.Errorf("store.db: %s.%s is kept, and the table does not say so", table, c)
			}
		}
	}
	for table, columns := range told {
		for c := range strings.FieldsSeq(columns) {
			if !slices.Contains(there[table], c) {
				t.Errorf("store.db: the table names %s.%s, which is not there", table, c)
			}
		}
	}
}

// The same holds for the library's database, the data directory and the spool of a
// service that runs.
func TestG5_EveryFileIsInTheTableOfWhatIsKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	people := p.citizens(1)
	p.await(people[0], "Iscrizione attiva")
	p.run("subscribers", "list")
	p.run("subscribers", "export", "--output", "list.csv")
	for _, place := range []string{"data_dir", "spool_dir"} {
		sub := map[string]string{"data_dir": "data", "spool_dir": "spool"}[place]
		entries, err := os.ReadDir(filepath.Join(p.dir, sub))
		if err != nil || len(entries) == 0 {
			t.Fatalf("%s: %d entries, %v", place, len(entries), err)
		}
		for _, e := range entries {
			if !named(cli.KeptIn(place), e) {
				t.Errorf("%s holds %s, and the table does not say so", place, e.Name())
			}
		}
	}
	daemon.end(syscall.SIGTERM)
	there, told := schemaOf(t, filepath.Join(p.dir, "data", "session.db")), cli.KeptIn("session.db")
	for table := range there {
		if _, ok := told[table]; !ok {
			t.Errorf("session.db: %s is there, and the table does not say so", table)
		}
	}
	for table := range told {
		if _, ok := there[table]; !ok {
			t.Errorf("session.db: the table names %s, which is not there", table)
		}
	}
}

// named tells whether the table has a file or a folder of that name.
func named(told map[string]string, e fs.DirEntry) bool {
	for list := range maps.Keys(told) {
		for pattern := range strings.SplitSeq(list, ", ") {
			if ok, err := path.Match(pattern, e.Name()); err == nil && ok {
				return true
			}
		}
	}
	return false
}

// The topic has the table, in lines that fit, with the periods that the program goes by.
func TestPrivacyHasTheTable(t *testing.T) {
	t.Parallel()
	stdout, _, code := command(t, "help", "privacy")
	if code != 0 || strings.Contains(stdout, "{{") {
		t.Errorf("code %d\n%s", code, stdout)
	}
	whole := unbroken(stdout)
	must(t, whole, "THE LIST", "store.db subscribers (id, number, lid,", "forget.deliveries_days (30 days, unless it is set otherwise)", "10 seconds after WhatsApp took the goodbye, 14 days when it never does; 1 day for who wrote",
		"pseudonymised, not anonymous: whoever has the key can try all numbers", "event_buffer holds a text until it has been carried out", "5 years at most", "its text is not kept", "WhatsApp Ireland Ltd. and Meta", "Who has been erased stays in each older backup")
	stdout, _, code = command(t, "help", "informativa")
	if code != 0 || strings.Contains(stdout, "{{") {
		t.Errorf("code %d\n%s", code, stdout)
	}
	must(t, unbroken(stdout), "Chi ha avuto quale avviso: 30 giorni", "Un'iscrizione non finita: 24 ore", "Chi scrive senza iscriversi: 24 ore", "WhatsApp Ireland Ltd. trasporta i messaggi come titolare autonomo")
}

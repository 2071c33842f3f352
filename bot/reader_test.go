package bot_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// foreign opens a database of the daemon as another program would, for reading.
func (w *town) foreign(file string) *sql.DB {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.cfg.DataDir, file)+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	return db
}

// read leaves a read transaction open on a database, until end.
func (w *town) read(file string) (end func()) {
	w.t.Helper()
	db := w.foreign(file)
	tx, err := db.Begin()
	if err != nil {
		w.t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM sqlite_schema`).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		if err := tx.Rollback(); err != nil {
			w.t.Error(err)
		}
		db.Close()
	})
}

// one is what a question to a database has for an answer now, beside whoever reads.
func (w *town) one(file, query string, args ...any) (n int64) {
	w.t.Helper()
	db := w.foreign(file)
	defer db.Close()
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// rewritten is how often a database was written anew: SQLite counts it.
func (w *town) rewritten(file string) int64 {
	w.t.Helper()
	return w.one(file, `PRAGMA schema_version`)
}

func (w *town) size(file string) int64 {
	w.t.Helper()
	info, err := os.Stat(filepath.Join(w.cfg.DataDir, file))
	if err != nil {
		w.t.Fatal(err)
	}
	return info.Size()
}

// rows counts the rows that still name a person, in both databases.
func (w *town) rows(p *whatsapptest.Phone) int64 {
	w.t.Helper()
	return w.one("session.db", `SELECT (SELECT count(*) FROM whatsmeow_sessions WHERE their_id GLOB ?1 || '*')
			+ (SELECT count(*) FROM whatsmeow_lid_map WHERE lid = ?1)`, p.LID()) +
		w.one("store.db", `SELECT (SELECT count(*) FROM subscribers WHERE lid = ?1) + (SELECT count(*) FROM answers WHERE lid = ?1)
			+ (SELECT count(*) FROM erasures WHERE lid = ?1)`, p.LID())
}

// erasureProblem is what page and `banditore status` say of an erasure that is owed.
func (w *town) erasureProblem() (p store.Problem, told bool) {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	list, err := desk.Problems(w.t.Context(), w.cfg, db, w.condition(), whatsapp.Version{}, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(p store.Problem) bool { return p.Kind == store.ProblemErasure })
	if i < 0 {
		return p, false
	}
	if desk.Healthy(list) {
		w.t.Error("the service is said to be healthy all the same")
	}
	return list[i], true
}

// onTheClock is how long something takes on the wall, where a bubble's clock stands
// still: SQLite waits in real time.
func (w *town) onTheClock(what func()) time.Duration {
	var from, to syscall.Timeval
	_ = syscall.Gettimeofday(&from)
	what()
	_ = syscall.Gettimeofday(&to)
	return time.Duration(to.Nano() - from.Nano())
}

// A program that reads one of the databases for a quarter of an hour holds nobody
// up: answers leave, other people's erasures go on, the database is not written anew
// with each attempt, and its log does not grow by that. After five minutes the file
// is named on the page. When it has ended, what is owed is made good.
func TestG5_AForeignReader(t *testing.T) {
	slow(t)
	t.Parallel()
	for file, other := range map[string]string{"session.db": "store.db", "store.db": "session.db"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, func(c *config.Config) { c.Spool.Scan = time.Hour })
				w.subscribe(20)
				leavers := w.leavers("Ermenegilda Quaglia", "Teodolinda Zecca")
				end := w.read(file)
				defer end()
				rewritten := w.rewritten(file)

				w.goodbye(leavers[0])
				if n := w.rows(leavers[0]); n != 0 {
					t.Errorf("%d rows are left of the first", n)
				}
				if len(w.traces(leavers[0].LID())) == 0 {
					t.Fatal("the reader did not hinder the erasure: this test looks at the wrong thing")
				}
				database, wal := w.size(file), w.size(file+"-wal")
				w.expectProblem(false, "", "")
				hindered := strings.Count(w.log.String(), "a log cannot be emptied")
				time.Sleep(2 * time.Minute)
				if n := strings.Count(w.log.String(), "a log cannot be emptied") - hindered; n < 2 || n > 4 {
					t.Errorf("tried %d times in two minutes", n)
				}
				if grown := w.size(file+"-wal") - wal; grown > database/4 {
					t.Errorf("in two minutes of nothing the log has grown by %d bytes, the database has %d", grown, database)
				}
				w.answered(w.people[:5])
				w.goodbye(leavers[1])
				if n := w.rows(leavers[1]); n != 0 {
					t.Errorf("%d rows are left of the second", n)
				}
				time.Sleep(3 * time.Minute)
				w.expectProblem(true, file, other)
				w.answered(w.people[5:10])
				time.Sleep(9 * time.Minute)
				if n := w.rewritten(file) - rewritten; n != 1 {
					t.Errorf("written anew %d times beside the reader, want once", n)
				}
				t.Logf("the log of %d KB has grown to %d KB in a quarter of an hour; the database has %d KB", wal>>10, w.size(file+"-wal")>>10, database>>10)

				end()
				time.Sleep(2 * time.Minute)
				w.expectProblem(false, "", "")
				for _, p := range leavers {
					if where := w.traces(p.LID(), p.Number()[1:]); len(where) > 0 {
						t.Errorf("left in the end: %q", where)
					}
				}
				if where := w.traces("Ermenegilda", "Quaglia", "Teodolinda", "Zecca"); len(where) > 0 {
					t.Errorf("left in the end: %q", where)
				}
				if n := w.size(file + "-wal"); n > database/4 {
					t.Errorf("the log still has %d bytes", n)
				}
			})
		})
	}
}

// leavers are people who will leave.
func (w *town) leavers(names ...string) (list []*whatsapptest.Phone) {
	w.t.Helper()
	for n, name := range names {
		p := w.citizen(70 + n)
		w.write(p, "Attiva Notizie "+name+" Saronno")
		w.await(p, "Iscrizione attiva")
		list = append(list, p)
	}
	return list
}

// goodbye lets somebody leave, and be erased as far as that goes.
func (w *town) goodbye(p *whatsapptest.Phone) {
	w.t.Helper()
	w.write(p, "Disattiva Notizie")
	w.await(p, "cancellat")
	time.Sleep(time.Minute)
}

// answered has people ask for help, some seconds apart, and be answered at once.
func (w *town) answered(people []*whatsapptest.Phone) {
	w.t.Helper()
	var real []string
	for _, p := range people {
		asked, before := time.Now(), len(p.Messages())
		took := w.onTheClock(func() {
			w.write(p, "Aiuto")
			if _, err := p.AwaitMessages(w.t.Context(), before+1); err != nil {
				w.t.Fatal(err)
			}
		})
		if waited := time.Since(asked); waited > time.Second {
			w.t.Errorf("an answer came after %v", waited)
		}
		real = append(real, fmt.Sprint(took.Milliseconds()))
		time.Sleep(7 * time.Second)
	}
	w.t.Logf("answered after %s ms on the wall", strings.Join(real, ", "))
}

// expectProblem wants the problem, which names one file, on the page and in the
// store; or in neither.
func (w *town) expectProblem(want bool, file, other string) {
	w.t.Helper()
	p, told := w.erasureProblem()
	page := w.shownPage()
	switch {
	case told != want, want != strings.Contains(page, "Un altro programma tiene aperto"):
		w.t.Errorf("told: %v; on the page: %v; want %v", told, !want, want)
	case want && (!strings.Contains(p.Sentence, file) || strings.Contains(p.Sentence, other) || p.Severity == store.Notice):
		w.t.Errorf("told %+v of %s", p, file)
	case want && !strings.Contains(page, "banditore backup"):
		w.t.Error("the page does not say what to do")
	}
}

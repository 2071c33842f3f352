package cli_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/page"
	"banditore/store"
)

// records are an office whose announcements have ended, with their minutes.
type records struct {
	*office
	inviati string
}

func newRecords(t *testing.T, n int) *records {
	t.Helper()
	r := &records{office: newOffice(t)}
	r.inviati = filepath.Join(r.dir, "spool", "inviati")
	if err := os.MkdirAll(r.inviati, 0o770); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour)
	r.onList(func(db *store.Store) {
		for i := range n {
			name := fmt.Sprintf("avviso%d.txt", i+1)
			a, err := db.Publish(t.Context(), store.NewAnnouncement{Content: store.Content{Name: name, File: name, Text: name, AcceptedAt: long, NotBefore: long}}, "OUT")
			if err != nil {
				t.Fatal(err)
			}
			if _, err = db.Stop(t.Context(), a.ID); err != nil {
				t.Fatal(err)
			}
			last, _, err := db.LastMinutes(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			html, err := page.RenderMinutes(page.Minutes{Announcement: a, Number: last.Number + 1, Previous: last.Hash, AsOf: long, Ended: long})
			if err != nil {
				t.Fatal(err)
			}
			r.put(name+".verbale.html", html)
			if err := db.KeepMinutes(t.Context(), a.ID, sha256.Sum256(html)); err != nil {
				t.Fatal(err)
			}
			if err := db.Filed(t.Context(), a.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
	return r
}

func (r *records) page(n int) string {
	return filepath.Join(r.inviati, fmt.Sprintf("avviso%d.txt.verbale.html", n))
}

// put writes a file as of long ago: one of just now may be the daemon's.
func (r *records) put(name string, content []byte) {
	r.t.Helper()
	long, path := time.Now().Add(-time.Hour), filepath.Join(r.inviati, name)
	if err := os.WriteFile(path, content, 0o660); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Chtimes(path, long, long); err != nil {
		r.t.Fatal(err)
	}
}

func (r *records) do(steps ...error) {
	r.t.Helper()
	for _, err := range steps {
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *records) sql(statement string, args ...any) {
	r.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(r.dir, "data", "store.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		r.t.Fatal(err)
	}
}

// minutes is what check says of them.
func (r *records) minutes() (ok bool, words string) {
	r.t.Helper()
	stdout, stderr, code := r.run("check", "--json", "--config", r.config)
	var list []struct {
		Subject, Words string
		OK             bool
	}
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		r.t.Fatalf("%v\n%s%s", err, stdout, stderr)
	}
	for _, f := range list {
		if f.Subject == "minutes" {
			if !f.OK && code == 0 {
				r.t.Error("the exit code is 0")
			}
			return f.OK, f.Words
		}
	}
	r.t.Fatalf("nothing is said of the minutes:\n%s", stdout)
	return false, ""
}

// Every way in which somebody meddles with the pages, or with the rows, is named.
func TestCheckFindsWhatWasDoneToTheMinutes(t *testing.T) {
	t.Parallel()
	day := time.Now().Add(-time.Hour).Format(time.DateOnly)
	two := `page 2, about "avviso2.txt" of ` + day + ": "
	for name, c := range map[string]struct {
		meddle func(r *records)
		want   []string // empty: nothing is wrong
	}{
		"nothing": {func(*records) {}, nil},
		"changed": {func(r *records) { r.put("avviso2.txt.verbale.html", []byte("<p>altro")) }, []string{two + `changed: "inviati/avviso2.txt.verbale.html"`}},
		"one bit": {func(r *records) {
			html, err := os.ReadFile(r.page(3))
			r.do(err)
			html[len(html)/2] ^= 1
			r.put("avviso3.txt.verbale.html", html)
		}, []string{"page 3, about", "changed"}},
		"truncated": {func(r *records) { r.do(os.Truncate(r.page(2), 100)) }, []string{two + "changed"}},
		"emptied":   {func(r *records) { r.do(os.Truncate(r.page(2), 0)) }, []string{two + "changed"}},
		"removed":   {func(r *records) { r.do(os.Remove(r.page(2))) }, []string{two + "missing"}},
		"the last":  {func(r *records) { r.do(os.Remove(r.page(4))) }, []string{"page 4, about", "missing"}},
		"swapped": {func(r *records) {
			r.do(os.Rename(r.page(1), r.page(9)), os.Rename(r.page(2), r.page(1)), os.Rename(r.page(9), r.page(2)))
		}, []string{`"inviati/avviso1.txt.verbale.html" holds the page of another announcement: page 2`, `"inviati/avviso2.txt.verbale.html" holds the page of another announcement: page 1`}},
		"moved to a folder": {func(r *records) {
			r.do(os.MkdirAll(filepath.Join(r.inviati, "2026", "estate"), 0o770), os.Rename(r.page(2), filepath.Join(r.inviati, "2026", "estate", "verbale due.HTML")))
		}, nil},
		"taken away": {func(r *records) { r.do(os.Rename(r.page(2), filepath.Join(r.dir, "mine.html"))) }, []string{two + "missing"}},
		"a copy":     {func(r *records) { html, err := os.ReadFile(r.page(2)); r.do(err); r.put("copia.html", html) }, nil},
		"slipped in": {func(r *records) { r.put("avviso9.txt.verbale.html", []byte("<p>falso")) }, []string{`"inviati/avviso9.txt.verbale.html": no page that the database knows`}},
		"no page":    {func(r *records) { r.put("sito.html", []byte("<p>altro")) }, nil},
		"a link": {func(r *records) {
			r.do(os.Rename(r.page(2), filepath.Join(r.dir, "mine")), os.Symlink(filepath.Join(r.dir, "mine"), r.page(2)))
		}, []string{two + `"inviati/avviso2.txt.verbale.html" is not the page: it is a link`}},
		"a link within": {func(r *records) {
			r.do(os.Rename(r.page(2), filepath.Join(r.inviati, "x")), os.Symlink("x", r.page(2)))
		}, []string{two + `"inviati/avviso2.txt.verbale.html" is not the page: it is a link`}},
		"a hard link": {func(r *records) { r.do(os.Link(r.page(2), filepath.Join(r.dir, "mine"))) }, []string{two + `"inviati/avviso2.txt.verbale.html" is not the page: it is a hard link`}},
		"a directory": {func(r *records) { r.do(os.Remove(r.page(2)), os.Mkdir(r.page(2), 0o770)) }, []string{two + `"inviati/avviso2.txt.verbale.html" is not the page: it is a folder`}},
		"a pipe":      {func(r *records) { r.do(os.Remove(r.page(2)), syscall.Mkfifo(r.page(2), 0o660)) }, []string{two + `"inviati/avviso2.txt.verbale.html" is not the page: it is no plain file`}},
		"huge":        {func(r *records) { r.do(os.Truncate(r.page(2), 1<<40)) }, []string{two + `"inviati/avviso2.txt.verbale.html" is not the page: it is too large`}},
		"escapes":     {func(r *records) { r.put("a\x1b[31m\nok.txt.verbale.html", nil) }, []string{`"inviati/a\x1b[31m\nok.txt.verbale.html": no page`}},
		"never written": {func(r *records) { r.sql(`DELETE FROM minutes WHERE number = 4`); r.do(os.Remove(r.page(4))) },
			[]string{`"avviso4.txt" of ` + day + ": the database has no minutes of it"}},
		"a row removed": {func(r *records) { r.sql(`DELETE FROM minutes WHERE number = 2`) },
			[]string{"the database has no page 2, but later ones", "page 3, about", "the page before was replaced there"}},
		"a row and a page": {func(r *records) {
			r.put("avviso2.txt.verbale.html", []byte("<p>altro"))
			hash := sha256.Sum256([]byte("<p>altro"))
			r.sql(`UPDATE minutes SET hash = ? WHERE number = 2`, hash[:])
		}, []string{two, "page 3, about", "the page before was replaced there"}},
		"an older database": {func(r *records) {
			r.sql(`DELETE FROM minutes WHERE number > 2; UPDATE announcements SET filed = 0 WHERE id > 2`)
		},
			[]string{`"inviati/avviso3.txt.verbale.html": no page that the database knows: banditore has not written it, or after the backup that was restored`, `avviso4.txt.verbale.html": no page`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecords(t, 4)
			c.meddle(r)
			ok, words := r.minutes()
			if ok != (len(c.want) == 0) {
				t.Errorf("ok %v: %s", ok, words)
			}
			must(t, words, c.want...)
		})
	}
}

// The last page is written a moment before its row.
func TestCheckWaitsForTheRowOfANewPage(t *testing.T) {
	t.Parallel()
	r := newRecords(t, 1)
	if err := os.WriteFile(r.page(2), []byte("<p>nuovo"), 0o660); err != nil {
		t.Fatal(err)
	}
	if ok, words := r.minutes(); !ok {
		t.Error(words)
	}
}

// What is wrong a thousand times is not a thousand lines.
func TestCheckListsFewMinutes(t *testing.T) {
	t.Parallel()
	r := newRecords(t, 1)
	for i := range 100 {
		r.put(fmt.Sprintf("x%03d.txt.verbale.html", i), nil)
	}
	ok, words := r.minutes()
	if ok || strings.Count(words, "\n") != 20 || !strings.HasSuffix(words, "and 80 more") {
		t.Errorf("%v: %s", ok, words)
	}
}

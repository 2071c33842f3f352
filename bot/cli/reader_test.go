package cli_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// readsKey names the environment variable that turns this test binary into a backup
// tool, or a person with sqlite3, that reads the database of that name.
const readsKey = "TEST_READS"

// readUntilKilled leaves a read transaction open.
func readUntilKilled(file string) int {
	db, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
	if err == nil {
		_, err = db.Exec(`BEGIN`)
	}
	var n int
	if err == nil {
		err = db.QueryRow(`SELECT count(*) FROM sqlite_schema`).Scan(&n)
	}
	fmt.Println("reading", n, err)
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 1
}

// reads starts a process that reads a database of the place, until it is ended.
func (p *place) reads(file string) *process {
	p.t.Helper()
	p.env = []string{readsKey + "=" + filepath.Join(p.dir, "data", file)}
	reader := p.startTyping()
	p.env = nil
	if !reader.stdout.Scan() || !strings.HasSuffix(reader.stdout.Text(), "<nil>") {
		p.t.Fatalf("the reader says %q", reader.stdout.Text())
	}
	return reader
}

// Another process reads session.db. The daemon answers all the same, and erases
// somebody as far as that goes; the command that asked for it returns when the
// process has ended and no byte is left.
func TestG5_AnotherProcessReadsTheSession(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	p.daemon()
	c := p.citizens(3)
	p.settle()
	reader := p.reads("session.db")
	erase := p.start("subscribers", "erase", c[0].Number())
	p.awaitSaid("another program keeps a database open")
	for range 3 {
		before, asked := len(c[1].Messages()), time.Now()
		c[1].Text(comune, "Comandi")
		if _, err := c[1].AwaitMessages(t.Context(), before+1); err != nil {
			t.Fatal(err)
		}
		t.Logf("answered after %v", time.Since(asked).Round(time.Millisecond))
	}
	if stdout, _, _ := p.run("subscribers", "count"); stdout != "2\n" {
		t.Errorf("on the list: %s", stdout)
	}
	if !p.sessionHolds(c[0].LID()) {
		t.Error("the reader hindered nothing: this test looks at the wrong thing")
	}
	if strings.Contains(p.said(), "nothing of this person is held") {
		t.Error("the command did not wait for the session")
	}
	reader.end(syscall.SIGKILL)
	for erase.stdout.Scan() {
	}
	if err := erase.Wait(); err != nil || !strings.Contains(p.said(), "nothing of this person is held") {
		t.Errorf("the command: %v\n%s", err, tail(p.said()))
	}
	close(erase.done)
	if p.sessionHolds(c[0].LID()) {
		t.Error("session.db still holds the LID")
	}
}

// sessionHolds tells whether any byte of session.db or its journal holds the words.
func (p *place) sessionHolds(words string) bool {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "data", "session.db*"))
	if err != nil || len(files) == 0 {
		p.t.Fatalf("no session.db: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			p.t.Fatal(err)
		}
		if bytes.Contains(content, []byte(words)) {
			return true
		}
	}
	return false
}

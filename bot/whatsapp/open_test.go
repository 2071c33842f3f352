package whatsapp

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow/types"
)

func TestEveryConnectionHasEveryOption(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "50% dati?#1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := openForTest(t, dir)
	c.db.SetMaxOpenConns(2)
	first, err := c.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := c.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	for pragma, want := range map[string]string{
		"foreign_keys": "1", "journal_mode": "wal", "busy_timeout": "20000", "secure_delete": "1", "synchronous": "2",
	} {
		var got string
		if err := second.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", pragma, got, err, want)
		}
	}
}

func TestG10_FilesAreOursAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, sessionFile), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	openForTest(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("got %v, %v, want the database and its journal", files, err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, %v, want 0600", filepath.Base(file), info.Mode().Perm(), err)
		}
	}
}

func TestG10_SessionOfAnotherNumber(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openForTest(t, dir)
	insertDevice(t, c.db, "393330000000:1@s.whatsapp.net")
	c.Close()
	if _, err := Open(t.Context(), Options{Dir: dir, Number: "+393343679575"}); !errors.Is(err, ErrOtherNumber) {
		t.Fatalf("got %v, want ErrOtherNumber", err)
	}
}

func TestG10_OnlyTheConfiguredNumberMayPair(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	for user, want := range map[string]bool{"393343679575": true, "39334367957": false, "3933436795750": false, "": false} {
		if got := c.allowPair(types.NewJID(user, types.DefaultUserServer), "", ""); got != want {
			t.Errorf("%q: got %v, want %v", user, got, want)
		}
	}
}

func TestPairedNumber(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	check := func(wantNumber string, wantPaired bool) {
		t.Helper()
		before, _ := filepath.Glob(filepath.Join(dir, "*"))
		number, paired, err := PairedNumber(t.Context(), dir)
		if number != wantNumber || paired != wantPaired || err != nil {
			t.Errorf("got %q, %v, %v, want %q, %v", number, paired, err, wantNumber, wantPaired)
		}
		if after, _ := filepath.Glob(filepath.Join(dir, "*")); len(after) != len(before) {
			t.Errorf("it made files: %v", after)
		}
	}
	check("", false)
	if err := os.WriteFile(filepath.Join(dir, sessionFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	check("", false)
	c := openForTest(t, dir)
	check("", false)
	insertDevice(t, c.db, "393343679575:17@s.whatsapp.net")
	check("+393343679575", true) // while the daemon has it open
	c.Close()
	check("+393343679575", true)
}

func TestFaultsSayWhatToDo(t *testing.T) {
	t.Parallel()
	notThere := filepath.Join(t.TempDir(), "missing")
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, sessionFile), []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	inTheWay := t.TempDir()
	if err := os.Mkdir(filepath.Join(inTheWay, sessionFile), 0o700); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{notThere: "does not exist", damaged: "damaged", inTheWay: ""} {
		_, err := Open(t.Context(), Options{Dir: dir, Number: "+393343679575", Beside: true}) // otherwise it is parked
		var fault *Fault
		if want != "" && (!errors.As(err, &fault) || !strings.Contains(fault.Problem, want) || fault.Remedy == "" || fault.Path == "") {
			t.Errorf("got %v, want a fault that says %q and a remedy", err, want)
		} else if err == nil {
			t.Errorf("%s: got no error", dir)
		}
	}
	for code, want := range map[sqlite3.ErrNo]string{
		sqlite3.ErrFull: "full", sqlite3.ErrReadonly: "cannot be written", sqlite3.ErrIoErr: "disk", sqlite3.ErrBusy: "another program",
	} {
		var fault *Fault
		if err := faultOf("x", sqlite3.Error{Code: code}); !errors.As(err, &fault) || !strings.Contains(fault.Problem, want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestOpenWantsANumber(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"", "393343679575", "+", "+39 334"} {
		if _, err := Open(t.Context(), Options{Dir: t.TempDir(), Number: number}); err == nil {
			t.Errorf("%q: got no error", number)
		}
	}
}

func TestCloseTwice(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	if err := errors.Join(c.Close(), c.Close()); err != nil {
		t.Fatalf("close: %v", err)
	}
	if err := c.Forget(t.Context(), []Address{{Number: "+391"}}); err != ErrClosed {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if err := c.AwaitReady(t.Context()); err == nil {
		t.Error("a closed client is ready")
	}
}

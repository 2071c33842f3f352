package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// When nothing happens, what lies in inviati costs nothing however much it is:
// the folder is not even opened. Of the refused files only those on the page are
// looked into; and a page that says the same is not written again.
func TestIdleCostsLittle(t *testing.T) {
	t.Parallel()
	mustTrace(t)
	const looks, refusedOnPage, folders = 10, 30, 20
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "scan: 1s", "scan: 300ms", 1))
	p.pair()
	trace := filepath.Join(t.TempDir(), "trace")
	first := p.daemon()
	p.citizens(1)
	p.settle()
	first.end(syscall.SIGTERM)
	for n := range 10_000 {
		p.write(filepath.Join("spool", "inviati", fmt.Sprintf("avviso-%d.txt", n)), "Un avviso.")
	}
	for n := range 1000 {
		name := filepath.Join("spool", "scartati", fmt.Sprintf("avviso-%d.docx", n))
		p.write(name, "PK")
		p.write(name+".esito.txt", "RIFIUTATO\r\n")
	}
	daemon := p.traced(trace, "openat,rename,renameat,renameat2,unlinkat,fsync,fdatasync")
	const look = `, "ritirare", `
	calls := func() []string {
		b, err := os.ReadFile(trace)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return strings.SplitAfter(string(b), "\n")
	}
	// The first ones list scartati, which has just changed, and write the page.
	all := awaitLooks(t, calls, look, 10+looks)
	daemon.end(syscall.SIGTERM)
	opened := map[string]int{}
	for _, call := range all[10:] {
		for line := range strings.Lines(call) {
			switch {
			case !strings.Contains(line, "/spool"): // the databases have a rhythm of their own
			case strings.Contains(line, "rename"), strings.Contains(line, "unlink"), strings.Contains(line, "sync("):
				t.Errorf("something was written: %s", line)
			case strings.Contains(line, `"inviati"`), strings.Contains(line, "/inviati>"):
				t.Errorf("inviati was opened: %s", line)
			case strings.Contains(line, ".docx.esito.txt"):
				opened["reports"]++
			default:
				opened["folders"]++
			}
		}
	}
	t.Logf("opened in %d looks: %v", looks, opened)
	// Each look rings for the page, and something else may ring too.
	if opened["reports"] > 2*looks*refusedOnPage || opened["folders"] > 2*looks*(folders+2*refusedOnPage) {
		t.Errorf("opened in %d looks: %v", looks, opened)
	}
}

// awaitLooks waits until the daemon has looked n times, and returns what it did
// from each look to the next.
func awaitLooks(t *testing.T, calls func() []string, look string, n int) (each []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for {
		each = nil
		for _, call := range calls() {
			if strings.Contains(call, look) {
				each = append(each, "")
			}
			if len(each) > 0 {
				each[len(each)-1] += call
			}
		}
		if len(each) > n {
			return each[:n]
		}
		if err := tick(ctx); err != nil {
			t.Fatalf("the daemon looked %d times, want %d", len(each), n)
		}
	}
}

package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// core reads everything that a process has in its memory, as a core dump would show it, but for files that are only read.
func core(t testing.TB, pid int) []byte {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	var all bytes.Buffer
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		if !strings.HasPrefix(fields[1], "rw") || strings.HasPrefix(fields[len(fields)-1], "[v") {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		start, err1 := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		if err1 != nil || err2 != nil {
			t.Fatal(line)
		}
		part := make([]byte, 1<<20)
		for at := start; at < end; at += uint64(len(part)) {
			n, err := memory.ReadAt(part[:min(uint64(len(part)), end-at)], int64(at))
			if err != nil && n == 0 {
				break // it was given back meanwhile
			}
			all.Write(part[:n])
		}
	}
	return all.Bytes()
}

// Who has left is out of the memory within an hour: name, words and data sheet. The core is that of the running process.
func TestG5_TheMemoryForgets(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.pair()
	pr := p.daemon()
	p.citizens(3)
	if !overwrites(t, pr.Process.Pid) {
		t.Error("what is freed is not overwritten")
	}
	ada := p.server.NewPhone("+393339988776")
	ada.Text(comune, "Attiva Notizie Adalgìsa Quaglierini Saronno")
	p.await(ada, "Iscrizione attiva")
	ada.Text(comune, "I miei dati")
	p.await(ada, "Quaglierini")
	p.write("spool/urgenti/acqua.txt", "Manca l'acqua in via Roma.")
	p.await(ada, "Manca l'acqua")
	names := []string{"Adalg", "ADALG", "adalg", "Quaglierini", "QUAGLIERINI", "quaglierini", "Numero di telefono: +39333998"}
	digits := []string{"393339988776", "333 9988776", "333 998 8776", ada.LID()}
	if found := traces(core(t, pr.Process.Pid), names); len(found) == 0 {
		t.Fatal("the test looks in the wrong place: a subscriber is not in the memory")
	}
	ada.Text(comune, "Disattiva Notizie")
	p.await(ada, "cancellat")
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for patience := time.After(3 * time.Minute); !strings.Contains(p.said(), "memory cleared"); {
		select {
		case <-tick.C:
		case <-patience:
			t.Fatal("the memory was never cleared")
		}
	}
	image := core(t, pr.Process.Pid)
	if found := traces(image, names); len(found) > 0 {
		t.Errorf("still in the memory: %v, at %q", found, around(image, names[0]))
	}
	t.Logf("digits that stay until the restart: %v", traces(image, digits))
}

// overwrites tells whether a process has been started so that it overwrites what it frees.
func overwrites(t testing.TB, pid int) bool {
	t.Helper()
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(environ), "clobberfree=1")
}

// around is what stands beside a word: it says whose memory that is.
func around(image []byte, word string) (places []string) {
	for at := 0; ; {
		next := bytes.Index(image[at:], []byte(word))
		if next < 0 {
			return places
		}
		at += next + len(word)
		places = append(places, string(image[max(0, at-160):min(len(image), at+160)]))
	}
}

// traces counts which words a memory holds.
func traces(image []byte, words []string) map[string]int {
	found := map[string]int{}
	for _, word := range words {
		if n := bytes.Count(image, []byte(word)); n > 0 {
			found[word] = n
		}
	}
	return found
}

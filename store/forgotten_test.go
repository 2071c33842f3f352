package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const keyText = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

// keyFile is a key as `openssl rand -hex 32` writes it.
func keyFile(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "forget.key")
	must(t, os.WriteFile(file, []byte(keyText), 0o600))
	return file
}

func openForgotten(t testing.TB, dir, key string) *Forgotten {
	t.Helper()
	f, err := OpenForgotten(dir, key)
	must(t, err)
	return f
}

func left(p Person, at time.Time) Erasure { return Erasure{Person: p, UnsubscribedAt: at} }

// Who has unsubscribed is known by the number and by the LID, after a restart too, and
// the file tells nobody whom it knows.
func TestForgottenKnowsWhoUnsubscribed(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), keyFile(t)
	f := openForgotten(t, dir, key)
	stranger := citizen(1)
	must(t, f.Remember([]Erasure{left(ermenegilda(), noon()), {Person: stranger}}))
	must(t, f.Remember([]Erasure{left(ermenegilda(), noon())})) // again, after trouble
	for _, f := range []*Forgotten{f, openForgotten(t, dir, key)} {
		for _, p := range []Person{ermenegilda(), {Number: ermenegilda().Number}, {LID: ermenegilda().LID}} {
			equal(t, "left after she registered", f.UnsubscribedAfter(p, noon().Add(-time.Millisecond)), true)
			equal(t, "left after she came back", f.UnsubscribedAfter(p, noon()), false)
		}
		equal(t, "who has only written", f.UnsubscribedAfter(stranger, time.Time{}), false)
		equal(t, "a number that is a LID", f.UnsubscribedAfter(Person{LID: LID(ermenegilda().Number[1:])}, time.Time{}), false)
	}
	path := filepath.Join(dir, "forgotten")
	content, err := os.ReadFile(path)
	must(t, err)
	equal(t, "lines", bytes.Count(content, []byte("\n")), 3)
	for _, secret := range []string{"5011223", strings.TrimSpace(keyText)} {
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("the file holds %s", secret)
		}
	}
	info, err := os.Stat(path)
	must(t, err)
	equal(t, "mode", info.Mode().Perm(), 0o600)
}

// However a crash tears the last write, what was whole stays, and what follows
// is whole.
func TestForgottenSurvivesATornLine(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), keyFile(t)
	path := filepath.Join(dir, "forgotten")
	must(t, openForgotten(t, dir, key).Remember([]Erasure{left(Person{Number: citizen(1).Number}, noon())}))
	first, err := os.ReadFile(path)
	must(t, err)
	must(t, openForgotten(t, dir, key).Remember([]Erasure{left(Person{Number: citizen(2).Number}, noon())}))
	whole, err := os.ReadFile(path)
	must(t, err)
	for cut := range len(whole) {
		torn := whole[:cut]
		if cut%7 == 3 {
			torn = append(bytes.Clone(torn), 0, 0, 0) // as some file systems leave it
		}
		must(t, os.WriteFile(path, torn, 0o600))
		f := openForgotten(t, dir, key)
		equal(t, "the first", f.UnsubscribedAfter(citizen(1), time.Time{}), cut >= len(first))
		must(t, f.Remember([]Erasure{left(citizen(3), noon())}))
		f = openForgotten(t, dir, key)
		equal(t, "the next", f.UnsubscribedAfter(citizen(3), time.Time{}), true)
		equal(t, "the first, still", f.UnsubscribedAfter(citizen(1), time.Time{}), cut >= len(first))
		must(t, os.Remove(path))
	}
}

// What could not be written is not taken for written.
func TestForgottenTriesAgain(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), keyFile(t)
	path := filepath.Join(dir, "forgotten")
	f := openForgotten(t, dir, key)
	must(t, os.Mkdir(path, 0o700))
	if err := f.Remember([]Erasure{left(citizen(1), noon())}); err == nil {
		t.Fatal("it says that it remembers")
	}
	must(t, os.Remove(path))
	must(t, f.Remember([]Erasure{left(citizen(1), noon())}))
	equal(t, "after it", openForgotten(t, dir, key).UnsubscribedAfter(citizen(1), time.Time{}), true)
}

func TestForgottenIsPruned(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), keyFile(t)
	f := openForgotten(t, dir, key)
	must(t, f.Prune(noon()))
	must(t, f.Remember([]Erasure{left(citizen(1), noon()), left(citizen(2), noon().Add(time.Hour))}))
	path := filepath.Join(dir, "forgotten")
	must(t, os.WriteFile(path+".new", []byte("of a Prune that was killed"), 0o600))
	must(t, f.Prune(noon().Add(time.Hour)))
	for _, f := range []*Forgotten{f, openForgotten(t, dir, key)} {
		equal(t, "long gone", f.UnsubscribedAfter(citizen(1), time.Time{}), false)
		equal(t, "just gone", f.UnsubscribedAfter(citizen(2), time.Time{}), true)
	}
	content, err := os.ReadFile(path)
	must(t, err)
	equal(t, "lines", bytes.Count(content, []byte("\n")), 3)
	must(t, f.Remember([]Erasure{left(citizen(3), noon())}))
	equal(t, "after it", openForgotten(t, dir, key).UnsubscribedAfter(citizen(3), time.Time{}), true)
}

// Without a key file nothing is remembered, and nothing breaks.
func TestForgottenNotAskedFor(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	f, err := OpenForgotten(tw.dir, "")
	must(t, err)
	must(t, f.Remember([]Erasure{left(citizen(1), noon())}))
	must(t, f.Prune(noon()))
	equal(t, "left", f.UnsubscribedAfter(citizen(1), time.Time{}), false)
	tw.crowd(1)
	n, err := tw.Replay(t.Context(), f, noon())
	must(t, err)
	equal(t, "replayed", n, 0)
	if _, err := os.Stat(filepath.Join(tw.dir, "forgotten")); !os.IsNotExist(err) {
		t.Errorf("a file of hashes: %v", err)
	}
}

func TestForgottenFaults(t *testing.T) {
	t.Parallel()
	write := func(name, text string, mode os.FileMode) string {
		file := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(file, []byte(text), mode))
		must(t, os.Chmod(file, mode))
		return file
	}
	other := strings.Replace(keyText, "00", "ff", 1)
	for _, c := range []struct {
		name, key, file string
		words           []string
	}{
		{"missing", filepath.Join(t.TempDir(), "no.key"), "", []string{"openssl rand -hex 32", "no.key"}},
		{"a folder", t.TempDir(), "", []string{"no regular file"}},
		{"readable by others", write("k", keyText, 0o640), "", []string{"chmod 600"}},
		{"too short", write("k", "00ff\n", 0o600), "", []string{"64 hexadecimal digits"}},
		{"another key", write("k", other, 0o600), "", []string{"another key"}},
		{"a damaged line", keyFile(t), "rubbish\n", []string{"line 4 is damaged"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, openForgotten(t, dir, keyFile(t)).Remember([]Erasure{left(citizen(1), noon())}))
			f, err := os.OpenFile(filepath.Join(dir, "forgotten"), os.O_APPEND|os.O_WRONLY, 0)
			must(t, err)
			_, err = f.WriteString(c.file)
			must(t, err)
			must(t, f.Close())
			_, err = OpenForgotten(dir, c.key)
			for _, words := range c.words {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("got %v, want %q in it", err, words)
				}
			}
			if err != nil && strings.Contains(err.Error(), strings.TrimSpace(keyText)) {
				t.Error("the error tells the key")
			}
		})
	}
}

// The list is an old one: who has unsubscribed since goes, who came back since they did
// stays, and so does everybody else.
func TestReplay(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(20)
	f := openForgotten(t, tw.dir, keyFile(t))
	must(t, f.Remember([]Erasure{
		left(Person{LID: ermenegilda().LID}, noon().Add(time.Hour)),
		left(citizen(2), noon().Add(-time.Hour)),
	}))
	now := noon().Add(24 * time.Hour)
	n, err := tw.Replay(t.Context(), f, now)
	must(t, err)
	equal(t, "replayed", n, 1)
	equal(t, "subscribers", tw.rows("subscribers"), 20)
	people, err := tw.DueErasures(t.Context(), now)
	must(t, err)
	equal(t, "to be erased", len(people), 1)
	equal(t, "who", people[0], left(ermenegilda(), noon().Add(time.Hour)))
	must(t, tw.Erase(t.Context(), tw.due(now)))
	for _, trace := range tw.traces() {
		t.Error("left behind:", trace)
	}
	n, err = tw.Replay(t.Context(), f, now)
	must(t, err)
	equal(t, "replayed again", n, 0)
}

package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"banditore/store/datadir"
)

// forgottenFile lies beside the databases, and is backed up with them: its key
// is not.
const forgottenFile = datadir.Forgotten

// Forgotten knows who has unsubscribed, and when, without knowing whom it
// knows: it keeps a keyed hash of each number and LID (HMAC-SHA256). Without the
// key nobody can tell from a hash whose it is; with it, one can only ask about a
// given person. That is enough not to bring somebody back with an old backup.
//
// A nil *Forgotten is one that is not asked for: it remembers nobody, and knows
// nobody. Its methods may be called from any goroutine.
type Forgotten struct {
	path string
	key  []byte

	mu    sync.Mutex           // guards the rest, and the file
	gone  map[string]time.Time // when they unsubscribed, by hash
	begun bool                 // the file has its header
}

// OpenForgotten reads who has unsubscribed from dir, with the key in keyFile. Without
// the name of a key file it is nil. It changes nothing, and may be used beside a
// daemon; only who holds dir ([Lock]) may call Remember or Prune. What a person
// must mend is a [*Fault].
func OpenForgotten(dir, keyFile string) (*Forgotten, error) {
	if keyFile == "" {
		return nil, nil
	}
	key, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	f := &Forgotten{path: filepath.Join(dir, forgottenFile), key: key, gone: map[string]time.Time{}}
	content, err := readAll(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return f, f.read(content)
}

func readAll(path string) ([]byte, error) {
	file, err := datadir.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	return content, fault(path, err)
}

// keyBytes are as many as the hash has.
const keyBytes = sha256.Size

func readKey(file string) ([]byte, error) {
	wrong := func(problem, remedy string) error { return &Fault{Path: file, Problem: problem, Remedy: remedy} }
	again := "make one with `(umask 077; openssl rand -hex 32 > " + file + ")` and give it to the user banditore runs as"
	text, err := datadir.ReadSecret(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, wrong("the key of forget.key_file is not there", "put it back; if there never was one, "+again)
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyBytes {
		return nil, wrong("the key of forget.key_file must be 32 bytes, written as 64 hexadecimal digits", "put the right one back; if there never was one, "+again)
	}
	return key, nil
}

// header proves that the key is the one the hashes were made with.
func (f *Forgotten) header() string { return "banditore-forgotten 1 " + f.hash("key", "") }

func (f *Forgotten) hash(kind, digits string) string {
	return hex.EncodeToString(keyedHash(f.key, kind, digits))
}

func keyedHash(key []byte, kind, digits string) []byte {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s:%s", kind, digits)
	return h.Sum(nil)
}

// hashes are those of a person: one for the number, one for the LID.
func (f *Forgotten) hashes(p Person) (list []string) {
	for _, hash := range p.hashes(f.key) {
		list = append(list, hex.EncodeToString(hash))
	}
	return list
}

// read takes up the lines of the file. A last one without its end was torn by a
// crash: what it was to remember is remembered again, because the erasure that
// follows it has not been carried out.
func (f *Forgotten) read(content []byte) error {
	whole := content[:bytes.LastIndexByte(content, '\n')+1]
	number := 0
	for line := range strings.Lines(string(whole)) {
		line = strings.TrimSuffix(line, "\n")
		if number++; number == 1 {
			if line != f.header() {
				return &Fault{Path: f.path, Problem: "it was written with another key than the one in forget.key_file",
					Remedy: "put the old key back; if nobody has it any more, remove the file, which is then worth nothing"}
			}
			f.begun = true
			continue
		}
		hash, at, ok := parseForgotten(line)
		if !ok {
			return &Fault{Path: f.path, Problem: fmt.Sprintf("line %d is damaged", number), Remedy: "delete that line, and no other"}
		}
		f.note(hash, at)
	}
	return nil
}

func parseForgotten(line string) (hash string, at time.Time, ok bool) {
	hash, digits, _ := strings.Cut(line, " ")
	ms, err := strconv.ParseInt(digits, 10, 64)
	return hash, time.UnixMilli(ms).UTC(), err == nil && len(hash) == 2*sha256.Size
}

func (f *Forgotten) note(hash string, at time.Time) {
	if at.After(f.gone[hash]) {
		f.gone[hash] = at
	}
}

// Remember keeps the hashes of those who have unsubscribed; who has only
// written is passed over. Call it before they are erased, so that a crash in
// between forgets nobody who must be remembered; it may be repeated.
func (f *Forgotten) Remember(people []Erasure) error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	fresh := make(map[string]time.Time)
	for _, p := range people {
		at := p.UnsubscribedAt.Truncate(time.Millisecond)
		for _, hash := range f.hashes(p.Person) {
			if !at.IsZero() && at.After(f.gone[hash]) && at.After(fresh[hash]) {
				fresh[hash] = at
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	var lines []string
	for _, hash := range slices.Sorted(maps.Keys(fresh)) {
		lines = append(lines, forgottenLine(hash, fresh[hash]))
	}
	if err := f.append(lines); err != nil {
		return fmt.Errorf("remember who has left: %w", err)
	}
	for hash, at := range fresh {
		f.note(hash, at)
	}
	return nil
}

func forgottenLine(hash string, at time.Time) string {
	return hash + " " + strconv.FormatInt(at.UnixMilli(), 10)
}

func (f *Forgotten) append(lines []string) error {
	if !f.begun {
		lines = append([]string{f.header()}, lines...)
	}
	err := datadir.AppendLines(f.path, lines...)
	f.begun = f.begun || err == nil
	return err
}

// UnsubscribedAfter tells whether p has unsubscribed after since, under the number or
// the LID.
func (f *Forgotten) UnsubscribedAfter(p Person, since time.Time) bool {
	return f.goneAt(p).After(since)
}

// Empty tells whether nobody is known to have unsubscribed: it may be that nobody has, or
// that nobody remembered.
func (f *Forgotten) Empty() bool {
	if f == nil {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.gone) == 0
}

// goneAt is when p unsubscribed last; zero: never, as far as we know.
func (f *Forgotten) goneAt(p Person) (last time.Time) {
	if f == nil {
		return last
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, hash := range f.hashes(p) {
		if at := f.gone[hash]; at.After(last) {
			last = at
		}
	}
	return last
}

// Prune forgets also that they unsubscribed, of those who did before.
func (f *Forgotten) Prune(before time.Time) error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := []string{f.header()}
	for hash, at := range f.gone {
		if !at.Before(before) {
			lines = append(lines, forgottenLine(hash, at))
		}
	}
	if len(lines) == 1+len(f.gone) {
		return nil
	}
	fresh := f.path + ".new"
	if err := datadir.Remove(fresh); err != nil { // of a Prune that was killed
		return err
	}
	if err := datadir.AppendLines(fresh, lines...); err != nil {
		return err
	}
	if err := datadir.Rename(fresh, f.path); err != nil {
		return err
	}
	for hash, at := range f.gone {
		if at.Before(before) {
			delete(f.gone, hash)
		}
	}
	return nil
}

// Replay takes everybody off the list again who has unsubscribed after they gave
// the consent that the list holds, and has them erased now: the list is that of a
// backup, then. It tells how many.
func (s *Store) Replay(ctx context.Context, f *Forgotten, now time.Time) (n int, err error) {
	if f == nil {
		return 0, nil
	}
	var gone []Person
	for sub, err := range s.Subscribers(ctx) {
		if err != nil {
			return 0, err
		}
		if f.UnsubscribedAfter(sub.Person, sub.Consented()) {
			gone = append(gone, sub.Person)
		}
	}
	for _, p := range gone {
		if _, err := s.Forget(ctx, p, f.goneAt(p), now); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

package cli

import (
	"bytes"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPicture(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "codice.png")
	p, err := newPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); err == nil {
		t.Error("a file is there before there is a picture")
	}
	for range 2 {
		if err := p.put(testCode(t)); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(bytes.NewReader(data)); err != nil {
			t.Error(err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v beside it, %v", entries, err)
	}
	if err := p.remove(); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%v is left, %v", entries, err)
	}
}

// What somebody puts in its place meanwhile is theirs.
func TestPictureReplaced(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "codice.png")
	p, err := newPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.put(testCode(t)); err != nil {
		t.Fatal(err)
	}
	theirs := func() {
		t.Helper()
		if got, err := os.ReadFile(path); err != nil || string(got) != "una vacanza" {
			t.Errorf("their file holds %q, %v", got, err)
		}
	}
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("una vacanza"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.put(testCode(t)); err == nil || !strings.Contains(err.Error(), "non lo sovrascrivo") {
		t.Errorf("got %v", err)
	}
	theirs()
	if err := p.remove(); err != nil {
		t.Error(err)
	}
	theirs()
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".banditore-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestPictureIsForItsOwner(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "codice.png")
	p, err := newPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.put(testCode(t)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// What is pasted ends with its last brace, or with an empty line, wherever a
// browser or an editor has broken it.
func TestPasted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ typed, want string }{
		{`{"a":{"b":"c"}}` + "\nsì\n", `{"a":{"b":"c"}}`},
		{"```json\r\n{\"a\":\r\n 1}\r\n```\r\n", "```json\n{\"a\":\n 1}"},
		{"\n\n“{“a“:1}", "“{“a“:1}"},
		{"\x1b[200~{\"a\":1}\x1b[201~", `{"a":1}`},
		{"prova\n\nresto", "prova"},
		{"{\"a\":\n\nresto}", `{"a":`},
		{`"{\"a\":1}"`, `"{\"a\":1}`},
		{"}", "}"},
		{"senza fine", "senza fine"},
	} {
		keys := newKeyboard(strings.NewReader(test.typed))
		got, err := keys.paste(t.Context(), nil, nil)
		if err != nil || got != test.want {
			t.Errorf("%q: got %q, %v; want %q", test.typed, got, err, test.want)
		}
	}
	keys := newKeyboard(strings.NewReader("{" + strings.Repeat("x", pasteLimit+10)))
	if _, err := keys.paste(t.Context(), nil, nil); err != errTooLong {
		t.Errorf("far too long: %v", err)
	}
	if _, err := newKeyboard(strings.NewReader("")).paste(t.Context(), nil, nil); err == nil {
		t.Error("nobody there is an answer")
	}
}

package cli

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// The first page names each command and each flag; each topic has a page of its own.
func TestManualPages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, stderr, code := typedIn(t, "man", dir); code != 0 {
		t.Fatalf("code %d: %s", code, stderr)
	}
	first := readFile(t, filepath.Join(dir, "man1", "banditore.1"))
	root := (&App{}).root()
	root.InitDefaultHelpCmd()
	everyCommand(root, func(c *cobra.Command) {
		if c.HasParent() && !strings.Contains(first, ".SS "+argument(usageLine(c))+"\n") {
			t.Errorf("the page does not name `%s`", usageLine(c))
		}
		for _, flag := range flagList(c) {
			if !strings.Contains(flag.mark, "--help") && !strings.Contains(first, ".B "+argument(flag.mark)+"\n") {
				t.Errorf("the page does not name %s of %s", flag.mark, c.CommandPath())
			}
		}
	})
	for _, want := range []string{`banditore help`, ".SH \"EXIT STATUS\"", ".SH \"ENVIRONMENT\"", "BANDITORE_", ".SH \"FILES\"", "/etc/banditore/config.yaml", "No phone is linked"} {
		if !strings.Contains(first, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, page := range topics() {
		for _, name := range page.names {
			if _, err := os.Stat(filepath.Join(dir, "man7", "banditore-"+name+".7")); err != nil {
				t.Errorf("no page of its own: %v", err)
			}
		}
		if !strings.Contains(first, argument("banditore-"+page.name()+"(7)")) {
			t.Errorf("the first page does not point to %s", page.name())
		}
	}
}

// The pages are good roff, and say on paper what the help says on the screen.
func TestManualPagesAreGoodRoff(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("man"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no man on this machine")
		}
		t.Skip("no man on this machine; CI has it")
	}
	dir := t.TempDir()
	if err := writeManual(dir, (&App{}).root()); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(readFile(t, path), ".so ") {
			return err
		}
		// As Debian's own check of packages does.
		cmd := exec.Command("man", "--warnings", "--encoding=UTF-8", "--local-file", "--troff-device=utf8", "--ditroff", path)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANROFFSEQ=", "MANWIDTH=80")
		var complaints strings.Builder
		cmd.Stderr = &complaints
		if err := cmd.Run(); err != nil || complaints.Len() > 0 {
			t.Errorf("%s: %v\n%s", d.Name(), err, complaints.String())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	read := onPaper(t, filepath.Join(dir, "man7", "banditore-cartella.7"))
	for _, want := range []string{"è rifiutato", "l'invio si ferma", "festa-1.jpg", "  ---\n"} {
		if !strings.Contains(read, want) {
			t.Errorf("nobody reads %q in\n%s", want, read)
		}
	}
}

// onPaper is a page as man shows it, without its bold letters.
func onPaper(t *testing.T, file string) string {
	t.Helper()
	cmd := exec.Command("man", "--local-file", file)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=200", "MANPAGER=cat", "GROFF_NO_SGR=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A page is written below the folder that was named, whoever may write there.
func TestManualLeavesTheFolderAlone(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, "man7")); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := typedIn(t, "man", dir); code != ExitFailure || stderr == "" {
		t.Errorf("code %d: %s", code, stderr)
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("%d files behind a link (%v)", len(left), err)
	}
}

// What stands in the place of a page gives way to it: nothing is written through it,
// and a pipe does not hold the command up.
func TestManualReplacesWhatIsThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "man1"), 0o755), os.MkdirAll(filepath.Join(dir, "man7"), 0o755), os.WriteFile(filepath.Join(dir, "other"), nil, 0o600),
		os.Symlink("../other", filepath.Join(dir, "man7", "banditore-privacy.7")), syscall.Mkfifo(filepath.Join(dir, "man1", "banditore.1"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, stderr, code := typedIn(t, "man", dir); code != ExitOK {
			t.Fatalf("code %d: %s", code, stderr)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "other")); err != nil || len(text) > 0 {
		t.Errorf("written through a link: %q, %v", text, err)
	}
	if info, err := os.Lstat(filepath.Join(dir, "man1", "banditore.1")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
}

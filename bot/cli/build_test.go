package cli_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sources is where the module begins.
const sources = "../.."

// Without a C compiler Go leaves out cgo by itself, and says nothing.
func TestBuildWithoutCompilerSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	for _, target := range []string{".", "./bot/demo", "./bot/cli"} {
		cmd := exec.Command("go", "build", "-o", os.DevNull, target)
		cmd.Dir = sources
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("go build %s succeeds without cgo", target)
		}
		if bytes.Count(out, []byte("\n")) != 1 || !bytes.Contains(out, []byte("apt install gcc libc6-dev")) {
			t.Errorf("go build %s says\n%s", target, out)
		}
	}
}

// An older Go names the line of go.mod, and that line where a new one comes from.
func TestGoModSaysWhereGoComesFrom(t *testing.T) {
	t.Parallel()
	mod, err := os.ReadFile(filepath.Join(sources, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		if strings.HasPrefix(line, "go ") && !strings.Contains(line, "go.dev/dl") {
			t.Errorf("the version of Go stands alone: %s", line)
		}
	}
}

// What is installed on a server says of itself which revision it is, and of which day.
func TestVersionOfABinary(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds the program once more")
	}
	r := commitSources(t)
	r.run("go", "build", "-buildvcs=true", "-o", "banditore", ".")

	said := r.run("./banditore", "version")
	for _, want := range []string{"banditore v0.0.0-2027", "revision  " + r.commit + " of 2027-01-02 03:04 UTC\n", "\nwhatsmeow v0.0.0-", "\ngo1.", "\nlicence   GPL-3.0-only;"} {
		if !strings.Contains(said, want) {
			t.Errorf("version does not say %q:\n%s", want, said)
		}
	}
	if flag := r.run("./banditore", "--version"); flag != said {
		t.Errorf("--version says\n%s\nversion\n%s", flag, said)
	}
	bill := r.run("./banditore", "sbom")
	for _, want := range []string{"git revision " + r.commit + `"`, `"created": "2027-01-02T03:04:05Z"`, `"go.mau.fi/libsignal"`, `"github.com/mattn/go-sqlite3"`, `"sqlite"`, `"std"`} {
		if !strings.Contains(bill, want) {
			t.Errorf("the bill of materials has no %s", want)
		}
	}
	if n := strings.Count(bill, `"checksumValue"`); n < 30 {
		t.Errorf("%d hashes in the bill of materials", n)
	}
}

// repository is a folder with the sources, and git in it.
type repository struct {
	t           *testing.T
	dir, commit string
}

// commitSources puts the sources under git, in one commit of 2 January 2027.
func commitSources(t *testing.T) *repository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		lacks(t, "no git on this machine")
	}
	r := &repository{t: t, dir: t.TempDir()}
	copySources(t, sources, r.dir)
	r.run("git", "init", "--quiet")
	r.run("git", "add", ".")
	r.run("git", "-c", "user.name=N", "-c", "user.email=n@example.org", "commit", "--quiet", "--message", "store: exist")
	r.commit = strings.TrimSpace(r.run("git", "rev-parse", "HEAD"))
	return r
}

func (r *repository) run(name string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GIT_DIR="+filepath.Join(r.dir, ".git"), "GIT_WORK_TREE="+r.dir, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_DATE=2027-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2027-01-02T03:04:05Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("%s %s: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// copySources copies what the program is built of, tests aside.
func copySources(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || (strings.HasPrefix(name, ".") && path != from)):
			return fs.SkipDir
		case !d.Type().IsRegular() || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "."): // .git is a file in a work tree
			return nil
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		copied := filepath.Join(to, rel)
		return errors.Join(os.MkdirAll(filepath.Dir(copied), 0o755), os.WriteFile(copied, content, 0o644))
	})
	if err != nil {
		t.Fatal(err)
	}
}

package cli_test

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// buildCommand is how a page says that the program is built for a server.
func buildCommand(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(sources, page))
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`(?s)\n +(GOFLAGS=[^\n]*\\\n[^\n]*go build -o banditore \.)\n`).FindSubmatch(text)
	if command == nil {
		t.Fatalf("%s does not say how to build", page)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(string(command[1]), "\\\n", " ")), " ")
}

// The README and the help build the same, and ask the compiler and the linker for what
// the test below, which takes minutes, looks for in the binary.
func TestBuildIsHardened(t *testing.T) {
	t.Parallel()
	command := buildCommand(t, "README.md")
	if other := buildCommand(t, "bot/cli/help/en/install.txt"); other != command {
		t.Errorf("help install builds with\n%s\nthe README with\n%s", other, command)
	}
	for _, flag := range []string{"-buildmode=pie", "-trimpath", "-ldflags=-s", "-z,relro,-z,now", "-fstack-protector-strong", "-D_FORTIFY_SOURCE="} {
		if !strings.Contains(command, flag) {
			t.Errorf("no %s in\n%s", flag, command)
		}
	}
}

// The binary is hardened, holds no path of the machine that built it, and comes out the
// same wherever the sources lie. Its bill of materials is its own.
func TestBinaryForAServer(t *testing.T) {
	t.Parallel()
	if os.Getenv("CI") != "true" || raceDetector {
		t.Skip("it compiles everything once more, with other flags; CI does that, once")
	}
	command := buildCommand(t, "README.md")
	r, elsewhere := commitSources(t), commitSources(t)
	r.run("sh", "-ec", command)
	elsewhere.run("sh", "-ec", command)
	file := filepath.Join(r.dir, "banditore")
	content, other := readBinary(t, file), readBinary(t, filepath.Join(elsewhere.dir, "banditore"))
	if r.commit != elsewhere.commit || !bytes.Equal(content, other) {
		t.Errorf("the same sources (%s, %s) gave different bytes", r.commit, elsewhere.commit)
	}
	if said := r.run("./banditore", "version"); !strings.Contains(said, r.commit) {
		t.Errorf("it does not know its revision:\n%s", said)
	}
	checkELF(t, file)
	for _, path := range append(pathsOfThisMachine(t), r.dir, elsewhere.dir, "/home/", "/pkg/mod/") {
		if at := bytes.Index(content, []byte(path)); at >= 0 {
			t.Errorf("it holds %q, in %q", path, content[max(0, at-40):min(len(content), at+80)])
		}
	}
	sum := sha256.Sum256(content)
	bill := r.run("./banditore", "sbom")
	for _, want := range []string{hex.EncodeToString(sum[:]), r.commit, `"SPDX-2.3"`, "pkg:golang/go.mau.fi/whatsmeow@"} {
		if !strings.Contains(bill, want) {
			t.Errorf("no %s in the bill of materials", want)
		}
	}
	if strings.Count(bill, "NOASSERTION") != strings.Count(bill, `"supplier": "NOASSERTION"`)+strings.Count(bill, `"copyrightText": "NOASSERTION"`)+
		strings.Count(bill, `"downloadLocation": "NOASSERTION"`) {
		t.Error("a licence in the bill of materials is unknown")
	}
}

func readBinary(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// pathsOfThisMachine are where Go keeps things here.
func pathsOfThisMachine(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE", "GOPATH", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

func checkELF(t *testing.T, file string) {
	t.Helper()
	f, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Type != elf.ET_DYN {
		t.Errorf("its type is %v: it is not position-independent", f.Type)
	}
	relro := slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_GNU_RELRO })
	flags, err := f.DynValue(elf.DT_FLAGS)
	if err != nil || len(flags) == 0 || flags[0]&uint64(elf.DF_BIND_NOW) == 0 || !relro {
		t.Errorf("not all that the linker fills in is read-only after the start: RELRO %v, flags %v, %v", relro, flags, err)
	}
	for _, p := range f.Progs {
		if p.Flags&elf.PF_X != 0 && (p.Type == elf.PT_GNU_STACK || p.Flags&elf.PF_W != 0) {
			t.Errorf("%v may be written and run", p.Type)
		}
	}
	for _, s := range f.Sections {
		if s.Name == ".symtab" || strings.HasPrefix(s.Name, ".debug") || strings.HasPrefix(s.Name, ".zdebug") {
			t.Errorf("it is not stripped of %s", s.Name)
		}
	}
	symbols, err := f.ImportedSymbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, guard := range []string{"__stack_chk_fail", "__memcpy_chk"} {
		if !slices.ContainsFunc(symbols, func(s elf.ImportedSymbol) bool { return s.Name == guard }) {
			t.Errorf("SQLite was compiled without %s", guard)
		}
	}
	for _, tag := range []elf.DynTag{elf.DT_RPATH, elf.DT_RUNPATH} {
		if paths, _ := f.DynString(tag); len(paths) > 0 {
			t.Errorf("it looks for libraries in %q", paths)
		}
	}
}

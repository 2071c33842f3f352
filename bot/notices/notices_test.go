package notices

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// architectures are those the files are written for: what is linked may differ.
var architectures = []string{"amd64", "arm64"}

// driver is the library whose source holds SQLite.
const driver = "github.com/mattn/go-sqlite3"

// preamble opens the notices.
const preamble = `banditore is linked with the works of others that are listed here, each with its licence.

Its own sources are under the European Union Public Licence 1.2 (EUPL-1.2). As one of the works below,
go.mau.fi/libsignal, is under the GNU General Public License 3, the binary as a whole goes out under that
licence (GPL-3.0-only), which article 5 of the EUPL and its appendix provide for.

Whoever gives the binary away gives, or offers, the sources of the same revision ("banditore version" tells
it) with it. The sources of each library are at https://proxy.golang.org/NAME/@v/VERSION.zip.
`

// What is linked, and its licences, are what the two files say: whoever changes
// go.mod writes them anew.
func TestNoticesAreThoseOfWhatIsLinked(t *testing.T) {
	t.Parallel()
	list := linked(t)
	if len(list) < 30 {
		t.Fatalf("only %d works are linked: the test looks at the wrong thing", len(list))
	}
	for name, want := range map[string]string{"works.tsv": tableOf(list), "third-party.txt": textOf(list)} {
		if os.Getenv("NOTICES_UPDATE") != "" {
			if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got := read(t, name); got != want {
			t.Errorf("%s is not what is linked: type NOTICES_UPDATE=1 go test ./bot/notices, and read the difference\n%s", name, difference(got, want))
		}
	}
}

// Every licence that is named has its text where REUSE looks for it.
func TestEveryLicenceHasItsText(t *testing.T) {
	t.Parallel()
	named := map[string]bool{Own: true, Combined: true}
	for w := range works() {
		for _, licence := range strings.Split(w.licence, " AND ") {
			named[licence] = true
		}
	}
	for licence := range named {
		if info, err := os.Stat(filepath.Join("../../LICENSES", licence+".txt")); err != nil || info.Size() < 100 {
			t.Errorf("no text of %s: %v", licence, err)
		}
	}
	if read(t, "../../LICENSE") != read(t, "../../LICENSES/EUPL-1.2.txt") {
		t.Error("LICENSE is not the EUPL of LICENSES")
	}
}

// notice is a work with the text of its licences.
type notice struct {
	work
	text string
}

// linked are the works in the binary, by name.
func linked(t *testing.T) []notice {
	t.Helper()
	found := map[string]work{}
	files := map[string]map[string]bool{} // the notices of a work
	for _, arch := range architectures {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", ".")
		cmd.Dir = "../.."
		cmd.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=1", "GOARCH="+arch)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		for line := range strings.Lines(string(out)) {
			f := strings.Split(strings.TrimSpace(line), "\t")
			if len(f) != 4 {
				continue
			}
			found[f[0]] = work{name: f[0], version: f[1]}
			if files[f[0]] == nil {
				files[f[0]] = map[string]bool{}
			}
			for dir := f[3]; strings.HasPrefix(dir, f[2]); dir = filepath.Dir(dir) {
				maps.Copy(files[f[0]], noticesIn(t, dir))
			}
			if f[0] == driver {
				found[sqlite] = sqliteIn(t, f[2])
			}
		}
	}
	found[comuni] = work{name: comuni, version: "2025-01-20", licence: "CC-BY-4.0 AND MIT"}
	var list []notice
	for _, name := range slices.Sorted(maps.Keys(found)) {
		n := notice{work: found[name]}
		switch name {
		case sqlite:
			n.text = read(t, "../../LICENSES/blessing.txt")
		case comuni:
			n.text = read(t, "../citizen/comuni/README.md")
		default:
			for _, file := range slices.Sorted(maps.Keys(files[name])) {
				n.text += strings.ReplaceAll(read(t, file), "\r\n", "\n") + "\n"
			}
			n.licence = strings.Join(licencesIn(n.text), " AND ")
		}
		if n.text = strings.Trim(n.text, "\n"); n.text == "" || n.licence == "" {
			t.Errorf("%s: which licence is this?\n%.300s", name, n.text)
		}
		list = append(list, n)
	}
	return list
}

var noticeName = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice)`)

func noticesIn(t *testing.T, dir string) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, e := range entries {
		if e.Type().IsRegular() && noticeName.MatchString(e.Name()) && !strings.HasSuffix(e.Name(), ".go") {
			found[filepath.Join(dir, e.Name())] = true
		}
	}
	return found
}

// sqliteIn is the SQLite whose source the driver holds.
func sqliteIn(t *testing.T, dir string) work {
	t.Helper()
	header := read(t, filepath.Join(dir, "sqlite3-binding.h"))
	version := regexp.MustCompile(`#define SQLITE_VERSION +"([\d.]+)"`).FindStringSubmatch(header)
	if version == nil || !strings.Contains(header, "disclaims copyright") {
		t.Fatal("this is not the SQLite we know")
	}
	return work{name: sqlite, version: version[1], licence: "blessing"}
}

// licencesIn tells licences by what only they say.
func licencesIn(text string) (found []string) {
	text = strings.Join(strings.Fields(text), " ")
	has := func(words string) bool { return strings.Contains(text, words) }
	for _, l := range []struct {
		name  string
		found bool
	}{
		{"Apache-2.0", has("Apache License Version 2.0") || has("Apache License, Version 2.0")},
		{"BSD-2-Clause", has("Redistribution and use in source and binary forms") && !has("to endorse or promote")},
		{"BSD-3-Clause", has("Redistribution and use in source and binary forms") && has("to endorse or promote")},
		{"GPL-3.0-only", has("GNU GENERAL PUBLIC LICENSE Version 3")},
		{"ISC", has("Permission to use, copy, modify, and distribute this software") || has("Permission to use, copy, modify, and/or distribute this software")},
		{"MIT", has("Permission is hereby granted, free of charge")},
		{"MPL-2.0", has("Mozilla Public License Version 2.0")},
	} {
		if l.found {
			found = append(found, l.name)
		}
	}
	return found
}

func tableOf(list []notice) string {
	var b strings.Builder
	for _, n := range list {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", n.name, n.version, n.licence)
	}
	return b.String()
}

// textOf writes a text once for all the works that share it.
func textOf(list []notice) string {
	names, order := map[string][]string{}, []string(nil)
	add := func(text, name string) {
		if names[text] == nil {
			order = append(order, text)
		}
		names[text] = append(names[text], name)
	}
	for _, n := range list {
		add(n.text, fmt.Sprintf("%s %s (%s)", n.name, n.version, n.licence))
		if n.name == "golang.org/x/sys" { // the same people's, with the same words
			add(n.text, "Go's standard library (BSD-3-Clause)")
		}
	}
	var b strings.Builder
	b.WriteString(preamble)
	for _, text := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 100), strings.Join(names[text], "\n"), text)
	}
	return b.String()
}

func difference(got, want string) string {
	had := strings.Split(got, "\n")
	var lines []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSuffix(line, "\n"); !slices.Contains(had, line) {
			lines = append(lines, "+ "+line)
		}
	}
	now := strings.Split(want, "\n")
	for _, line := range had {
		if !slices.Contains(now, line) {
			lines = append(lines, "- "+line)
		}
	}
	return strings.Join(lines[:min(len(lines), 20)], "\n")
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

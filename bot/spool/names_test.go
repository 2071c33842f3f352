package spool

import (
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestIgnored(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"~$avviso.docx", "~WRL0001.tmp", ".~lock.avviso.odt#", "Thumbs.db", "THUMBS.DB", "desktop.ini", ".DS_Store", "._avviso.txt",
		"avviso.txt.part", "avviso.CRDOWNLOAD", "avviso.txt.swp", "avviso.BAK", ".nascosto.txt", "avviso.txt.esito.txt", "AVVISO.TXT.ESITO.TXT",
	} {
		for _, folder := range dropFolders() {
			if !ignored(place{folder, name}) {
				t.Errorf("%s/%s is not ignored", folder, name)
			}
		}
	}
	for _, name := range []string{"avviso.txt", "esito.txt", "concorso.esito.txt", "gara 24.11.2026.esito.txt", "~avviso.txt", "avviso.tmp", "part", "avviso"} {
		if ignored(place{rootFolder, name}) {
			t.Errorf("%s is ignored", name)
		}
	}
	for _, name := range []string{readmeName, "leggimi.TXT", statusName, "lost+found"} {
		if !ignored(place{rootFolder, name}) || ignored(place{dropFolder, name}) {
			t.Errorf("%s is ours in the root, and only there", name)
		}
	}
}

func TestReportName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"avviso.txt":                       "avviso.txt.esito.txt",
		"Copia di avviso (1).TXT":          "Copia di avviso (1).TXT.esito.txt",
		"a\nb\tc\x7f.txt":                  "a_b_c_.txt.esito.txt",
		"gpj.\u202etxt":                    "gpj._txt.esito.txt",
		"perch\xe9.txt":                    "perch_.txt.esito.txt",
		"<script>alert(1).txt":             "<script>alert(1).txt.esito.txt",
		strings.Repeat("a", 246):           strings.Repeat("a", 222) + "..." + strings.Repeat("a", 20) + ".esito.txt",
		strings.Repeat("è", 125) + "x.txt": strings.Repeat("è", 103) + "..." + strings.Repeat("è", 15) + "x.txt.esito.txt",
	} {
		if got := reportName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func firstCandidates(name string, n int) []string {
	var all []string
	for c := range candidates(name) {
		if all = append(all, c); len(all) == n {
			break
		}
	}
	return all
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	if got, want := firstCandidates("a.txt", 3), []string{"a.txt", "a (2).txt", "a (3).txt"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := firstCandidates("cartella", 2), []string{"cartella", "cartella (2)"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, name := range []string{strings.Repeat("è", 125) + "x.txt", strings.Repeat("\x80", 255), "a." + strings.Repeat("b", 253)} {
		all := firstCandidates(name, 200)
		reports := map[string]bool{}
		for _, c := range all {
			reports[reportName(c)] = true
			if len(c) > longestName || strings.Contains(c, "/") {
				t.Errorf("candidate %q has %d bytes", c, len(c))
			}
		}
		// Otherwise a long name could never find a report name of its own.
		if len(reports) != len(all) {
			t.Errorf("%d candidates share %d report names", len(all), len(reports))
		}
	}
}

func TestWrongKind(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.txt", "A.TXT", "a.md", "a.txt.txt", "lettera con spazi è.Txt", "a.pdf", "a.jpg", "a.JPEG", "a.png", "a.webp", "a.mp4"} {
		if r := wrongKind(name); r != nil {
			t.Errorf("%s: %v", name, r)
		}
	}
	for name, reason := range map[string]string{
		"a.docx": "documento (.docx)", "a.DOC": "documento", "a.odt": "documento", "a.rtf": "documento",
		"a.heic": "immagine", "a.GIF": "immagine", "a.mov": "video", "a.mp3": "audio", "a.lnk": "collegamento", "a": "non finisce in .txt",
		"a.exe": ".exe", "a.txt.bak": ".bak", "a.tmp": ".tmp", "a.txt ": "spazio", "a.JPG.": "punto", "concorso.esito.txt": "riservato", "leggimi.txt": "riservato",
		"a.\x1b[2J": "._[2j",
	} {
		r := wrongKind(name)
		if r == nil || !strings.Contains(r.Reason, reason) || r.Advice == "" {
			t.Errorf("%q: got %+v, want a reason with %q", name, r, reason)
		}
	}
}

func FuzzReportName(f *testing.F) {
	for _, name := range []string{"a.txt", "a\nb", "\xff\xfe", "\u202e", strings.Repeat("è", 127), "a." + strings.Repeat("\u0301", 126)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || len(name) > longestName || strings.ContainsAny(name, "/\x00") {
			return // no file has such a name
		}
		got := reportName(name)
		if len(got) > longestName || !strings.HasSuffix(got, reportSuffix) || path.Base(got) != got || !utf8.ValidString(got) {
			t.Fatalf("%q: got %q", name, got)
		}
		if strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("%q: got a control character in %q", name, got)
		}
		for c := range candidates(name) {
			if c == name {
				continue
			}
			if len(c) > longestName || c == "" {
				t.Fatalf("%q: candidate %q", name, c)
			}
			break
		}
	})
}

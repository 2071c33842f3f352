package spool

import (
	"slices"
	"strings"
	"testing"
)

// parted is how a folder with these files is parted into bundles.
func parted(names ...string) []string {
	var files []dropped
	for _, name := range names {
		files = append(files, dropped{place: place{dropFolder, name}})
	}
	var all []string
	for _, l := range bundles(dropFolder, files) {
		all = append(all, strings.Join(l.names(), " + "))
	}
	slices.Sort(all)
	return all
}

func TestBundles(t *testing.T) {
	t.Parallel()
	for _, want := range [][]string{
		{"festa.txt"},
		{"festa.jpg"},
		{"festa.txt + festa.jpg"},
		{"festa.txt + festa.jpg + festa-1.jpg + festa-2.pdf + festa-10.png"},
		{"festa-1.jpg + festa-2.jpg"},
		{"festa.jpg + festa-1.jpg"},
		{"festa.txt + festa.jpg + festa.pdf + festa.png"},
		// Capitals, and accents as macOS writes them.
		{"FESTA.TXT + Festa.JPG + festa-1.Jpeg"},
		{"citta\u0300.txt + citt\u00e0.jpg"},
		{"stra\u00dfe.txt + STRASSE.jpg"},
		// Where Windows hides extensions, and where it numbers names.
		{"festa.txt.txt + festa.jpg.jpg"},
		{"festa.txt + festa (1).jpg + festa (2).jpg"},
		{"festa (1).jpg", "festa (2).jpg"},
		{"festa (2).txt + festa (2).jpg + festa (2)-1.jpg", "festa.txt + festa.jpg"},
		{"Copia di festa.txt", "festa.txt"},
		// A stem of its own comes before a number.
		{"festa-1.txt + festa-1.jpg", "festa.txt + festa-2.jpg"},
		{"ordinanza 2026-11-24.txt + ordinanza 2026-11-24.pdf"},
		{"IMG-0001.jpg", "IMG-0002.jpg"},
		{"festa-1-2.jpg", "festa.txt"},
		// Two texts are two announcements.
		{"a.md", "a.txt + a.jpg"},
		{"A.txt + a.jpg", "a.txt"},
		{"a.md + a.jpg"},
		// What was meant to be part of it is refused with it.
		{"a.txt + a.heic + a-1.docx + a.jpg"},
		{"a.docx + a.jpg"},
		{"a.docx", "a.odt"},
		{"a", "a.txt"},
		{"verbale-1.docx", "verbale-2.docx"},
		{"a-1.jpg", "a.docx"},
		// Broken UTF-8 is not all the same.
		{"perch\xe8.txt", "perch\xe9.jpg"},
		{"perch\xe9.txt + perch\xe9.jpg"},
	} {
		var names []string
		for _, l := range want {
			names = append(names, strings.Split(l, " + ")...)
		}
		slices.Sort(want)
		for range 2 {
			if got := parted(names...); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			slices.Reverse(names) // the order of the folder says nothing
		}
	}
}

func TestRenamed_KeepsTheStem(t *testing.T) {
	t.Parallel()
	for _, c := range [][2][]string{
		{{"festa.txt", "festa.jpg", "Festa-1.jpg"}, {"festa (2).txt", "festa (2).jpg", "Festa (2)-1.jpg"}},
		{{"festa.txt", "festa (1).jpg"}, {"festa (2).txt", "festa (2) (1).jpg"}},
		{{"festa-1.txt", "festa-1.jpg"}, {"festa-1 (2).txt", "festa-1 (2).jpg"}},
		{{"festa-1.jpg", "festa-2.jpg"}, {"festa (2)-1.jpg", "festa (2)-2.jpg"}},
		{{"festa.txt.txt", "festa.jpg"}, {"festa (2).txt.txt", "festa (2).jpg"}},
	} {
		got := renamed(c[0], 2)
		if !slices.Equal(got, c[1]) {
			t.Errorf("got %q, want %q", got, c[1])
		}
		if back := parted(got...); len(back) != 1 {
			t.Errorf("%q is no longer one bundle: %q", got, back)
		}
	}
	long := strings.Repeat("è", 122)
	for n := range 2000 {
		got := renamed([]string{long + ".txt", long + "-10.jpeg"}, n+1)
		if len(got[0]) > longestName || len(got[1]) > longestName || len(parted(got...)) != 1 {
			t.Fatalf("got %q", got)
		}
	}
}

func TestCorrects(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"festa RETTIFICA.txt": "festa", "Festa rettifica.TXT": "Festa", "festa Rettifica.md": "festa", "a b RETTIFICA.txt.txt": "a b",
		"festa RETTIFICA-1.jpg": "festa", "festa (2) RETTIFICA.txt": "festa (2)",
		"festa_RETTIFICA.txt": "festa", "festa - rettifica.txt": "festa", "festa (RETTIFICA).txt": "festa", "festa RETTIFICA .txt": "festa",
		"festa RETTIFICA (2).txt": "festa", "festa RETTIFICA 2.txt": "festa", "festa RETTIFICA - Copia.txt": "festa", "festa RETTIFICA - Copia (2).txt": "festa",
		"festa.txt": "", "RETTIFICA.txt": "", " RETTIFICA.txt": "", "  RETTIFICA.txt": "", "festaRETTIFICA.txt": "", "RETTIFICA festa.txt": "",
		"festa RETTIFICA RETTIFICA.txt": "festa RETTIFICA", "festa RETTIFICHE.txt": "", "festa RETTIFICA bando.txt": "", "è.txt": "",
	} {
		if got := corrects([]string{name}); got != want {
			t.Errorf("%q corrects %q, want %q", name, got, want)
		}
	}
}

// FuzzBundles: whatever files lie in a folder, each is in one bundle, and a bundle that is
// renamed has names that a file system takes and that are still different.
func FuzzBundles(f *testing.F) {
	for _, names := range []string{"a.txt/a.jpg/a-1.jpg", "a.jpg/A-01.jpg/a (1).jpg", "a.md/a.txt/a.docx", "\xff.txt/\xfe.jpg", ".txt/-1.jpg/ (1).jpg", "K.jpg/\u212a.txt", "\u0130 rettifica.txt"} {
		f.Add(names, 2)
	}
	f.Fuzz(func(t *testing.T, folder string, n int) {
		names := strings.FieldsFunc(folder, func(r rune) bool { return r == '/' || r == 0 })
		slices.Sort(names)
		names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return len(name) > longestName })
		var files []dropped
		for _, name := range names {
			files = append(files, dropped{place: place{dropFolder, name}})
		}
		var all []string
		for _, l := range bundles(dropFolder, files) {
			was := l.names()
			all = append(all, was...)
			if len(was) > 1 && !slices.ContainsFunc(was, known) {
				t.Fatalf("%q belong together", was)
			}
			corrects(was)
			now := renamed(was, 2+max(0, n%1_000_000))
			for i, name := range now {
				if name == "" || len(name) > longestName || name == was[i] || slices.Contains(now[:i], name) && len(was[i]) < 200 {
					t.Fatalf("%q becomes %q", was, now)
				}
			}
		}
		if slices.Sort(all); !slices.Equal(all, names) {
			t.Fatalf("of %q are in bundles %q", names, all)
		}
	})
}

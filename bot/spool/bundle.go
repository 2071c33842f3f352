package spool

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxAttachments is how many attachments one announcement may have.
const MaxAttachments = 10

// bundle is the files that staff dropped as one announcement: the text, if there is
// one, and then what is attached to it, in the order in which it is sent.
type bundle struct {
	folder string
	files  []dropped
}

// numbered are the names of further attachments: festa-1.jpg, as LEGGIMI.txt says,
// and "festa (1).jpg", as Windows names several files that are renamed at once.
var (
	numbered = regexp.MustCompile(`^(.+)-(\d{1,2})$`)
	counted  = regexp.MustCompile(`^(.+) \((\d{1,2})\)$`)
)

// stem is a name without its extension, and without a second one: where Windows
// hides extensions, "festa.txt" is called festa.txt.txt.
func stem(name string) string {
	short := strings.TrimSuffix(name, extension(name))
	if known(short) {
		short = strings.TrimSuffix(short, extension(short))
	}
	return short
}

// extension is the end of a name from its last point; what is very long is none.
func extension(name string) string {
	if ext := path.Ext(name); len(ext) <= 32 && len(ext) < len(name) {
		return ext
	}
	return ""
}

// fold makes names the same that are the same to a person: capitals, and accents as
// macOS writes them. A name that is not UTF-8 is only itself.
func fold(stem string) string {
	if !utf8.ValidString(stem) {
		return stem
	}
	return cases.Fold().String(norm.NFC.String(stem))
}

// reading is one way to read the name of an attachment: whose it is, and which.
type reading struct {
	base   string // the stem of the bundle, as this name writes it
	number string // its number there; empty: none
}

// readings come with the likeliest first.
func readings(name string) []reading {
	s := stem(name)
	all := []reading{{base: s}}
	for _, form := range []*regexp.Regexp{numbered, counted} {
		if m := form.FindStringSubmatch(s); m != nil {
			all = append(all, reading{m[1], m[2]})
		}
	}
	return all
}

// within reads a name as one of the bundle with this stem, folded.
func within(name, key string) reading {
	all := readings(name)
	for _, r := range all {
		if fold(r.base) == key {
			return r
		}
	}
	return all[0]
}

// bundles parts the files of one folder. A text is a bundle; what has its stem, with a
// number or without, belongs to it. Attachments without a text are one bundle when
// they have the same stem. Anything else is alone.
func bundles(folder string, files []dropped) []bundle {
	heads := headsOf(files)
	byKey := map[string][]dropped{}
	var all []bundle
	for _, f := range files {
		key, joins := home(f.name, heads)
		if !joins {
			all = append(all, bundle{folder, []dropped{f}})
			continue
		}
		byKey[key] = append(byKey[key], f)
	}
	for key, members := range byKey {
		slices.SortFunc(members, func(a, b dropped) int { return inOrder(a.name, b.name, key) })
		all = append(all, bundle{folder, members})
	}
	return all
}

// headsOf finds the file that gives each stem its bundle: the .txt before the .md, and
// that before what is no announcement but was meant as one, say a .docx.
func headsOf(files []dropped) map[string]string {
	heads := map[string]string{}
	for _, f := range files {
		if attachable(f.name) || extension(f.name) == "" {
			continue
		}
		key := fold(stem(f.name))
		if head, ok := heads[key]; !ok || inOrder(f.name, head, key) < 0 {
			heads[key] = f.name
		}
	}
	return heads
}

// home is the folded stem of the bundle that a file belongs to. Without a text,
// attachments are numbered with a hyphen only: "festa (2).jpg" is then a copy.
func home(name string, heads map[string]string) (key string, ok bool) {
	key = fold(stem(name))
	if extension(name) == "" {
		return "", false
	}
	if isText(name) {
		return key, heads[key] == name
	}
	for _, r := range readings(name) {
		if head, ok := heads[fold(r.base)]; ok && isText(head) {
			return fold(r.base), true
		}
	}
	if !attachable(name) {
		return key, heads[key] == name
	}
	if _, ok := heads[key]; ok {
		return key, true
	}
	if m := numbered.FindStringSubmatch(stem(name)); m != nil {
		if head, ok := heads[fold(m[1])]; !ok || isText(head) {
			key = fold(m[1])
		}
	}
	return key, true
}

// inOrder puts the text first, then what must be refused, then the attachments by
// their number; the one without a number is the first.
func inOrder(a, b, key string) int {
	weight := func(name string) int {
		switch {
		case isText(name) && strings.EqualFold(extension(name), ".txt"):
			return 0
		case isText(name):
			return 1
		case !attachable(name):
			return 2
		}
		return 3
	}
	number := func(name string) string { return strings.TrimLeft(within(name, key).number, "0") }
	na, nb := number(a), number(b)
	return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(len(na), len(nb)), cmp.Compare(na, nb), cmp.Compare(a, b))
}

func (l bundle) main() dropped { return l.files[0] }

// waits is how many times the settling time this bundle must lie still. A picture
// without words waits longer, because the words may follow. So may those of an empty
// file: somebody has made it in the Explorer, is giving it a name, and then writes.
func (l bundle) waits() int {
	main := l.main()
	switch {
	case attachable(main.name):
		return 3
	case len(l.files) == 1 && main.info.Mode().IsRegular() && main.info.Size() == 0:
		return 10
	}
	return 1
}

// unfit says why this bundle is no announcement, as far as names tell.
func (l bundle) unfit() *Refusal {
	attached := len(l.files)
	if !attachable(l.main().name) {
		attached--
	}
	if attached <= MaxAttachments {
		return nil
	}
	return &Refusal{Reason: fmt.Sprintf("gli allegati sono %d e il massimo è %d", attached, MaxAttachments),
		Advice: "togline qualcuno oppure dividili fra due avvisi con nomi diversi, e rimetti tutto in da_inviare."}
}

func (l bundle) names() []string {
	names := make([]string, len(l.files))
	for i, f := range l.files {
		names[i] = f.name
	}
	return names
}

// renamed are the n-th names that the files of a bundle may get, with the stem made
// different from others of that name: "festa (2).txt", "festa (2)-1.jpg". They are
// never longer than the file system allows.
func renamed(names []string, n int) []string {
	if n == 1 {
		return slices.Clone(names)
	}
	mark := fmt.Sprintf(" (%d)", n)
	bases := basesOf(names)
	longest := 0
	for i, name := range names {
		longest = max(longest, len(name)-len(bases[i]))
	}
	all := make([]string, len(names))
	for i, name := range names {
		rest := name[len(bases[i]):]
		all[i] = cut(bases[i], longestName-len(mark)-longest) + mark + rest
	}
	return all
}

// basesOf are the parts of the names that the names of a bundle share.
func basesOf(names []string) []string {
	key := fold(bundleStem(names))
	bases := make([]string, len(names))
	for i, name := range names {
		bases[i] = within(name, key).base
	}
	return bases
}

// bundleStem is the name of the bundle: that of its text, or what its attachments share.
func bundleStem(names []string) string {
	main := names[0]
	if m := numbered.FindStringSubmatch(stem(main)); m != nil && attachable(main) {
		return m[1]
	}
	return stem(main)
}

// correction is how people name one, and how the Explorer and they name the next:
// better refused because it corrects nothing than sent to everybody as news.
var correction = regexp.MustCompile(`(?i)^(.+?)[ _-]+\(?rettifica\)?(?:[ _-]*\(?\d{1,2}\)?| - copi[ae](?: \(\d+\))?)?\s*$`)

// corrects is the name of the announcement that one of these names corrects; empty
// when it corrects none.
func corrects(names []string) string {
	m := correction.FindStringSubmatch(bundleStem(names))
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m[1])
}

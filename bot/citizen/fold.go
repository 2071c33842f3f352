package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxText is how many bytes of a message are read, blanks and invisible runes apart: the command stands at the beginning, and nobody's name
	// is longer. maxRaw is how many are looked at in search of them.
	maxText = 4096
	maxRaw  = 128 << 10
	// maxMarks is how many accents one letter can carry; the rest would smear the lines above and below.
	maxMarks = 4
)

// normalise brings the many ways to write the same thing together: NFC, one apostrophe, one blank, nothing invisible. It tells whether
// the text was cut off.
func normalise(text string) (string, bool) {
	if isPlain(text) {
		return text, false
	}
	cut := len(text) > maxRaw
	if cut {
		text = text[:maxRaw]
	}
	var b strings.Builder
	b.Grow(min(len(text)+8, maxText+8))
	blank, marks, regional := true, 0, 0
	for i, r := range text {
		if b.Len() >= maxText {
			cut = true
			break
		}
		regional = regionalRun(text, i, r, regional)
		r = plainRune(r, regional)
		if r == -1 {
			continue
		}
		if r == ' ' && blank {
			continue
		}
		blank = r == ' '
		if r >= 0x300 && unicode.Is(unicode.Mn, r) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String()), cut
}

// isPlain tells whether a text is short and printable ASCII, as most are, and needs nothing done.
func isPlain(text string) bool {
	if len(text) > maxText {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' || c > '~' || c == '`' {
			return false
		}
	}
	return true
}

// plainRune is what a rune stands for, -1 for nothing.
func plainRune(r rune, regional int) rune {
	if r < utf8.RuneSelf {
		switch r {
		case '`':
			return '\''
		case '\t', '\v', '\f':
			return ' '
		}
		return r
	}
	switch {
	case r == utf8.RuneError || r == 0x2800: // a byte that is no text; the blank of Braille
		return ' '
	case strings.ContainsRune("’‘´ʼ′＇", r):
		return '\''
	case r == '‐' || r == '‑' || r == '－':
		return '-'
	case r == 0x3164 || r == 0x115F || r == 0x1160 || r == 0xFFA0 || r == 0x34F || r == 0x180E: // letters that show nothing
		return -1
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector): // zero-width and direction marks, the colours of an emoji
		return -1
	case 0x1F150 <= r && r <= 0x1F169:
		return 'A' + r - 0x1F150
	case 0x1F170 <= r && r <= 0x1F189:
		return 'A' + r - 0x1F170
	case isRegional(r) && regional > 2: // two are a flag, more are letters
		return 'A' + r - 0x1F1E6
	}
	return r
}

func isRegional(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

// regionalRun is the length of the run of flag letters that the rune at i belongs to, known being that of the rune before.
func regionalRun(text string, i int, r rune, known int) int {
	if !isRegional(r) {
		return 0
	}
	if known > 0 {
		return known
	}
	n := 0
	for _, r := range text[i:min(len(text), i+64)] {
		if isRegional(r) {
			n++
		} else if !unicode.Is(unicode.Cf, r) {
			break
		}
	}
	return n
}

// fold makes two ways to write a word equal. It returns no more than 64 bytes: longer is no word that we know.
func fold(s string) string {
	lower := true
	for i := range len(s) {
		if c := s[i]; c < 'a' || c > 'z' {
			lower = false
			break
		}
	}
	if lower {
		return s[:min(len(s), maxFolded)]
	}
	var buf [maxFolded + 8]byte
	out := buf[:0]
	if !isPlain(s) {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
		out = appendFolded(out, r)
		if len(out) >= maxFolded {
			break
		}
	}
	return string(out)
}

const maxFolded = 64

func appendFolded(out []byte, r rune) []byte {
	switch {
	case 'a' <= r && r <= 'z':
		return append(out, byte(r))
	case 'A' <= r && r <= 'Z':
		return append(out, byte(r)+'a'-'A')
	case '0' <= r && r <= '9':
		return append(out, "oizeasgtbg"[r-'0'])
	case r == '@':
		return append(out, 'a')
	case r == '$':
		return append(out, 's')
	case r < utf8.RuneSelf || !unicode.IsLetter(r):
		return out
	}
	r = unicode.ToLower(r)
	if i := strings.IndexRune(lookAlikes, r); i >= 0 {
		return append(out, latin[utf8.RuneCountInString(lookAlikes[:i])])
	}
	switch r {
	case 'ß':
		return append(out, 's', 's')
	case 'æ':
		return append(out, 'a', 'e')
	case 'œ':
		return append(out, 'o', 'e')
	}
	return utf8.AppendRune(out, r)
}

// lookAlikes are letters of other alphabets that look like those of latin.
const (
	lookAlikes = "аеорсухіїјѕԁѵзкмнтвгαειοκνρτυχηωσłøđħıɩɪᴀʙᴄᴅᴇꜰɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡ"
	latin      = "aeopcyxiijsdvzkmhtbraeiokvptuxnoslodhiiiabcdefghjklmnoprstuvwyzag"
)

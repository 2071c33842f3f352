package page

import (
	"html/template"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tagOf is what a phone makes of a mark of WhatsApp's; "": it is none.
func tagOf(mark byte) string {
	switch mark {
	case '*':
		return "b"
	case '_':
		return "i"
	case '~':
		return "s"
	case '`':
		return "code"
	}
	return ""
}

// link is what a phone underlines. The page shows it as text: whoever can drop a
// file must not be able to put something to click on in front of a colleague.
var link = regexp.MustCompile(`^(?:https?://|www\.)[^\s<>]+`)

// phone shows a text as WhatsApp does: *bold*, _italic_, ~struck~, `fixed` and
// ```fixed```, a line that is a quotation or an item of a list, links. All else is
// text, and what cannot be seen on a phone is shown as a mark of its own.
func phone(text string) template.HTML {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "```")
		block, after, closed := strings.Cut(rest, "```")
		if !ok || !closed || strings.TrimSpace(block) == "" {
			lines(&b, text)
			return template.HTML(b.String())
		}
		lines(&b, before)
		tag(&b, "code", func() { escape(&b, block) })
		text = after
	}
}

func lines(b *strings.Builder, text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		quote, quoted := strings.CutPrefix(line, "> ")
		item, listed := strings.CutPrefix(line, "- ")
		if !listed {
			item, listed = strings.CutPrefix(line, "* ")
		}
		switch {
		case quoted:
			tag(b, "q", func() { inline(b, quote, "") })
		case listed:
			b.WriteString("• ")
			inline(b, item, "")
		default:
			inline(b, line, "")
		}
	}
}

// inline writes one line; within are the marks that are open around it.
func inline(b *strings.Builder, s, within string) {
	start := 0 // of what is not written yet
	for i := 0; i < len(s); {
		if !word(s[:i], true) {
			if url := strings.TrimRight(link.FindString(s[i:]), ".,;:!?)*_~`'\"»"); len(url) > len("https://") {
				escape(b, s[start:i])
				b.WriteString(`<span class="link">`)
				escape(b, url)
				b.WriteString("</span>")
				i += len(url)
				start = i
				continue
			}
		}
		end := closing(s, i, within)
		if end < 0 {
			i++
			continue
		}
		escape(b, s[start:i])
		inner := s[i+1 : end]
		tag(b, tagOf(s[i]), func() {
			if s[i] == '`' {
				escape(b, inner)
			} else {
				inline(b, inner, within+s[i:i+1])
			}
		})
		i = end + 1
		start = i
	}
	escape(b, s[start:])
}

// closing finds where the mark at i ends that begins there; -1: none does. A mark
// stands at the edge of words, not inside of one, and hugs what it marks.
func closing(s string, i int, within string) int {
	mark := s[i]
	if tagOf(mark) == "" || strings.IndexByte(within, mark) >= 0 || word(s[:i], true) {
		return -1
	}
	for j := i + 1; j < len(s); j++ {
		if s[j] != mark {
			continue
		}
		if j == i+1 || space(s[i+1]) {
			return -1
		}
		if !space(s[j-1]) && !word(s[j+1:], false) {
			return j
		}
	}
	return -1
}

// word tells whether s ends (or begins) inside a word.
func word(s string, atEnd bool) bool {
	r, n := utf8.DecodeRuneInString(s)
	if atEnd {
		r, n = utf8.DecodeLastRuneInString(s)
	}
	return n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func space(c byte) bool { return c == ' ' || c == '\t' }

func tag(b *strings.Builder, name string, inside func()) {
	b.WriteString("<" + name + ">")
	inside()
	b.WriteString("</" + name + ">")
}

func escape(b *strings.Builder, s string) { b.WriteString(template.HTMLEscapeString(s)) }

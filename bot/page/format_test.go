package page

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

func TestPhone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Ciao, mondo!", "Ciao, mondo!"},
		{"bold", "*Avviso* importante", "<b>Avviso</b> importante"},
		{"italic at the end", "è _gratis_.", "è <i>gratis</i>."},
		{"struck", "~lunedì~ martedì", "<s>lunedì</s> martedì"},
		{"nested", "*via _Roma_ chiusa*", "<b>via <i>Roma</i> chiusa</b>"},
		{"in brackets", "(*oggi*)", "(<b>oggi</b>)"},
		{"fixed", "codice ```a*b*c``` fine", "codice <code>a*b*c</code> fine"},
		{"fixed over lines", "```uno\ndue```", "<code>uno\ndue</code>"},
		{"fixed in the line", "scrivi `*ciao*` così", "scrivi <code>*ciao*</code> così"},
		{"nothing fixed", "``````", "``````"},
		{"fixed without end", "```uno *due*", "```uno <b>due</b>"},
		{"inside a word", "a*b*c snake_case_name 2*3*4", "a*b*c snake_case_name 2*3*4"},
		{"with a space", "* non *", "• non *"},
		{"space inside", "2 * 3 * 4", "2 * 3 * 4"},
		{"not over lines", "*uno\ndue*", "*uno\ndue*"},
		{"doubled", "**ciao**", "*<b>ciao</b>*"},
		{"crossed", "*a _b* c_", "<b>a _b</b> c_"},
		{"list", "- uno\n* *due*\n1. tre", "• uno\n• <b>due</b>\n1. tre"},
		{"quotation", "> *detto*\nfatto", "<q><b>detto</b></q>\nfatto"},
		{"link", "vedi https://www.example.it/a_b_c?x=1&y=2.", `vedi <span class="link">https://www.example.it/a_b_c?x=1&amp;y=2</span>.`},
		{"link in bold", "*https://example.it/x*", `<b><span class="link">https://example.it/x</span></b>`},
		{"link without https", "www.example.it/orari", `<span class="link">www.example.it/orari</span>`},
		{"no link", "https:// e www. e ahttps://x.it", "https:// e www. e ahttps://x.it"},
		{"script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"script in bold", "*<b onclick=x>*", "<b>&lt;b onclick=x&gt;</b>"},
		{"script in a link", `https://x.it/"a><img src=x>`, `<span class="link">https://x.it/&#34;a</span>&gt;&lt;img src=x&gt;`},
		{"control", "a\x00b\x1b[31mc\r\nd\te", "a\ufffdb\ufffd[31mc\nd\te"},
		{"not UTF-8", "perch\xe9", "perch\ufffd"},
		{"accents beside", "perché*no*", "perché*no*"},
	} {
		if got := string(phone(c.text)); got != c.want {
			t.Errorf("%s: %q is shown as\n%q, want\n%q", c.name, c.text, got, c.want)
		}
	}
}

func TestG9_PhoneOfManyMarksIsQuick(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"*", "*a ", "*a*_b_~c~`d`", "*_~", "```", "https://", "> *"} {
		text := strings.Repeat(unit, 4096/len(unit))
		if got := phone(text); len(got) < len(text)/4 {
			t.Errorf("%q: only %d bytes", unit, len(got))
		}
	}
}

// ours are the only tags there can be.
var ours = regexp.MustCompile(`</?(b|i|s|q|code)>|<span class="link">|</span>`)

// Whatever somebody writes: no tag but ours, each closed inside of the one it
// stands in, and nothing lost but marks.
func FuzzPhone(f *testing.F) {
	for _, s := range []string{"*a* _b_ ~c~ `d` ```e```", "> *a\n- https://x.it/_a_", "<b>*</b>*", "**_*~`*_", "\xff*\x00*", "*https://aaaaaaaaaa*b*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		got := string(phone(text))
		var stack []string
		for _, tag := range ours.FindAllString(got, -1) {
			name := strings.Trim(strings.Split(tag, " ")[0], "</>")
			if !strings.HasPrefix(tag, "</") {
				stack = append(stack, name)
				continue
			}
			if len(stack) == 0 || stack[len(stack)-1] != name {
				t.Fatalf("%q: tags are crossed in %q", text, got)
			}
			stack = stack[:len(stack)-1]
		}
		bare := ours.ReplaceAllString(got, "")
		if len(stack) > 0 || strings.ContainsAny(bare, "<>\"") {
			t.Fatalf("%q: %q", text, got)
		}
		if kept, want := letters(html.UnescapeString(bare)), letters(text); kept != want {
			t.Fatalf("%q became %q", want, kept)
		}
	})
}

// letters is a text without what marks and lists are made of, and without what
// cannot be seen.
func letters(s string) string {
	return regexp.MustCompile("[*_~`>•\\-\\s\\p{Cc}\ufffd]").ReplaceAllString(strings.ToValidUTF8(s, ""), "")
}

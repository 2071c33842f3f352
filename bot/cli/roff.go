package cli

import (
	"fmt"
	"regexp"
	"strings"
)

// escape keeps what is typed as it is typed: a bare - or ' becomes another character
// on paper.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
}

// asLine keeps a line of escaped text from being taken for a request.
func asLine(s string) string {
	if strings.HasPrefix(s, ".") {
		return `\&` + s
	}
	return s
}

// argument is one argument of a request.
func argument(s string) string {
	return `"` + strings.ReplaceAll(escape(s), `"`, `\(dq`) + `"`
}

// roff writes the manual as the body of a page: its headings are the page's, and what
// stands before them goes under first, if there is one.
func (m manual) roff(first string) string {
	var b strings.Builder
	if first != "" && len(m) > 0 && m[0].kind != heading {
		fmt.Fprintf(&b, ".SH %s\n", argument(first))
	}
	for _, x := range m {
		switch x.kind {
		case heading:
			fmt.Fprintf(&b, ".SH %s\n", argument(strings.ToUpper(x.text)))
		case point:
			fmt.Fprintf(&b, ".IP %s 4\n%s\n", argument(x.mark), formatted(x.text))
		case explanation:
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", argument(x.mark), formatted(x.text))
		case typed:
			b.WriteString(".PP\n.nf\n")
			for line := range strings.SplitSeq(x.text, "\n") {
				b.WriteString(asLine(escape(line)) + "\n")
			}
			b.WriteString(".fi\n")
		default:
			fmt.Fprintf(&b, ".PP\n%s\n", formatted(x.text))
		}
	}
	return b.String()
}

var quotedCommand = regexp.MustCompile("`([^`]+)`|\"(banditore [^\"]+)\"|«(banditore [^»]+)»")

// formatted is running text, in which commands are bold instead of quoted.
func formatted(s string) string {
	var b strings.Builder
	from := 0
	for _, at := range quotedCommand.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(escape(s[from:at[0]]))
		for g := 2; g < len(at); g += 2 {
			if at[g] >= 0 {
				b.WriteString(`\fB` + escape(s[at[g]:at[g+1]]) + `\fR`)
			}
		}
		from = at[1]
	}
	b.WriteString(escape(s[from:]))
	return asLine(b.String())
}

package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// quoted writes an argument as a shell reads it. What a terminal would obey is
// written as bash reads it, and most shells: $'\033'.
func quoted(arg string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%"
	if arg != "" && strings.Trim(arg, plain) == "" {
		return arg
	}
	if shown(arg) != arg {
		return "$'" + shellEscape(arg) + "'"
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

// commandLine joins arguments as they are typed.
func commandLine(args ...string) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = quoted(arg)
	}
	return strings.Join(words, " ")
}

// shellEscape writes every byte of what is not visible, for between $' and '.
func shellEscape(arg string) string {
	var b strings.Builder
	for len(arg) > 0 {
		r, n := utf8.DecodeRuneInString(arg)
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + arg[:n])
		case visible(r) && (r != utf8.RuneError || n > 1):
			b.WriteString(arg[:n])
		default:
			for _, c := range []byte(arg[:n]) {
				fmt.Fprintf(&b, `\%03o`, c) // of a fixed length, unlike \x1b
			}
		}
		arg = arg[n:]
	}
	return b.String()
}

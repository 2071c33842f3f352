package schema

import "strings"

// tokens are the words and signs of a statement, without comments and white space.
// Strings and quoted names stay as they are written: what is quoted may mean another
// thing than what is not.
func tokens(sql string) (list []string) {
	for {
		sql = strings.TrimLeft(sql, " \t\n\f\r")
		if sql == "" {
			return list
		}
		n, skip := token(sql)
		if !skip {
			list = append(list, sql[:n])
		}
		sql = sql[n:]
	}
}

// token measures the token at the beginning of a statement; a comment is skipped.
func token(sql string) (n int, skip bool) {
	switch c := sql[0]; {
	case strings.HasPrefix(sql, "--"):
		return upTo(sql, 2, "\n"), true
	case strings.HasPrefix(sql, "/*"):
		return upTo(sql, 2, "*/"), true
	case c == '[':
		return upTo(sql, 1, "]"), false
	case c == '\'', c == '"', c == '`':
		return quoted(sql), false
	case isWord(c):
		for n < len(sql) && isWord(sql[n]) {
			n++
		}
		return n, false
	}
	return 1, false
}

// upTo measures a token that goes on to an end, or to that of the statement.
func upTo(sql string, from int, end string) int {
	if at := strings.Index(sql[from:], end); at >= 0 {
		return from + at + len(end)
	}
	return len(sql)
}

// quoted measures a token in quotes; a quote in it is doubled.
func quoted(sql string) int {
	for n := 1; n < len(sql); n++ {
		if sql[n] != sql[0] {
			continue
		}
		if n+1 == len(sql) || sql[n+1] != sql[0] {
			return n + 1
		}
		n++
	}
	return len(sql)
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
}

// statement is one in pieces: what comes before the first parenthesis, the parts
// between commas in it, and what comes after. Tokens are joined by NUL.
type statement struct {
	head, tail string
	parts      []string
}

func split(sql string) (s statement) {
	list := tokens(sql)
	depth, from := 0, 0
	for n, t := range list {
		switch {
		case t == "(":
			if depth++; depth == 1 && s.parts == nil {
				s.head, from = strings.Join(list[:n], "\x00"), n+1
			}
		case t == ",", t == ")":
			if depth == 1 {
				s.parts, from = append(s.parts, strings.Join(list[from:n], "\x00")), n+1
			}
			if t == ")" {
				if depth--; depth == 0 {
					s.tail = strings.Join(list[n+1:], "\x00")
					return s
				}
			}
		}
	}
	s.tail = strings.Join(list[from:], "\x00") // no parentheses, or open ones
	return s
}

package media

import (
	"bytes"
	"encoding/hex"
	"strconv"
)

// pdfString reads a string at the beginning: <68657864> or (with \( escapes\)).
func pdfString(words []byte) []byte {
	if len(words) == 0 {
		return nil
	}
	if words[0] == '<' {
		digits, _, _ := bytes.Cut(words[1:min(len(words), 1024)], []byte(">"))
		out, _ := hex.DecodeString(string(bytes.Join(bytes.Fields(digits), nil)))
		return out
	}
	var out []byte
	for i, depth := 0, 0; i < min(len(words), 1024); i++ {
		b := words[i]
		switch {
		case b == '\\':
			var n int
			if b, n = pdfEscape(words[i+1:]); n == 0 {
				return nil
			}
			i += n
		case b == '(':
			if depth++; depth == 1 {
				continue
			}
		case b == ')':
			if depth--; depth == 0 {
				return out
			}
		}
		out = append(out, b)
	}
	return nil
}

// pdfEscape is the byte that follows a backslash, and how many bytes say it.
func pdfEscape(words []byte) (byte, int) {
	digits := words[:min(len(words), 3)]
	digits = digits[:len(digits)-len(bytes.TrimLeft(digits, "01234567"))]
	if len(digits) > 0 {
		n, _ := strconv.ParseUint(string(digits), 8, 16)
		return byte(n), len(digits)
	}
	if len(words) == 0 {
		return 0, 0
	}
	if i := bytes.IndexByte([]byte("nrtbf"), words[0]); i >= 0 {
		return "\n\r\t\b\f"[i], 1
	}
	return words[0], 1
}

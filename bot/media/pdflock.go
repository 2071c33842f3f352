package media

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// pdfPadding fills up passwords in PDFs up to version 1.7: the empty one is this.
const pdfPadding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// locked says whether nobody can open the PDF without a password. Most encrypted
// PDFs open with an empty one: they only forbid printing or copying. Where it is
// not certain the answer is no.
func (d *pdfDocument) locked() bool {
	if d.encrypt == nil {
		return false
	}
	words := d.encrypt
	if n, ok := reference(words); ok {
		words = d.objects[n]
	}
	if !bytes.HasPrefix(value(words, "Filter"), []byte("/Standard")) {
		return false
	}
	l := pdfLock{
		revision: number(value(words, "R")),
		owner:    pdfString(value(words, "O")),
		user:     pdfString(value(words, "U")),
		id:       pdfString(bytes.TrimLeft(value(d.trailer, "ID"), "["+pdfBlanks)),
		length:   5,
		metadata: !bytes.HasPrefix(value(words, "EncryptMetadata"), []byte("false")),
	}
	if n := number(value(words, "Length")); l.revision >= 3 && n >= 40 && n <= 128 {
		l.length = n / 8
	}
	if l.revision == 4 {
		l.length = 16 // the dictionary may say it in bytes, in bits or not at all
	}
	sign, digits := 1, value(words, "P")
	if rest, ok := bytes.CutPrefix(digits, []byte("-")); ok {
		sign, digits = -1, rest
	}
	l.permissions = uint32(sign * number(digits))
	return !l.opensEmpty()
}

// pdfLock is what the Encrypt dictionary of a PDF says (ISO 32000-1, 7.6.3).
type pdfLock struct {
	revision        int
	owner, user, id []byte
	permissions     uint32
	length          int
	metadata        bool
}

// opensEmpty tries the empty password, as every reader does first. Unknown
// revisions are left to the readers.
func (l pdfLock) opensEmpty() bool {
	switch {
	case l.revision >= 2 && l.revision <= 4 && len(l.owner) >= 32 && len(l.user) >= 32:
		return l.opensOld()
	case l.revision == 5 && len(l.user) >= 48:
		sum := sha256.Sum256(l.user[32:40])
		return bytes.Equal(sum[:], l.user[:32])
	case l.revision == 6 && len(l.user) >= 48:
		return bytes.Equal(hash2B(l.user[32:40]), l.user[:32])
	}
	return true
}

// opensOld is algorithms 2, 4 and 5 of the standard.
func (l pdfLock) opensOld() bool {
	seed := append([]byte(pdfPadding), l.owner[:32]...)
	seed = binary.LittleEndian.AppendUint32(seed, l.permissions)
	seed = append(seed, l.id...)
	if l.revision >= 4 && !l.metadata {
		seed = append(seed, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(seed)
	key := sum[:l.length]
	if l.revision == 2 {
		return bytes.Equal(rc4With(key, []byte(pdfPadding), 0), l.user[:32])
	}
	for range 50 {
		sum = md5.Sum(key)
		key = sum[:l.length]
	}
	check := md5.Sum(append([]byte(pdfPadding), l.id...))
	want := check[:]
	for i := range 20 {
		want = rc4With(key, want, byte(i))
	}
	return bytes.Equal(want, l.user[:16])
}

func rc4With(key, text []byte, mask byte) []byte {
	masked := make([]byte, len(key))
	for i, b := range key {
		masked[i] = b ^ mask
	}
	c, err := rc4.NewCipher(masked)
	if err != nil {
		return nil
	}
	out := make([]byte, len(text))
	c.XORKeyStream(out, text)
	return out
}

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

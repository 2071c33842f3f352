package media

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"encoding/binary"
)

// pdfPadding fills up passwords in PDFs up to version 1.7: the empty one is this.
const pdfPadding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// unlock finds the key of an encrypted PDF; false: nobody can open it without a
// password. Most encrypted PDFs open with an empty one: they only forbid printing
// or copying. Where it is not certain the answer is true.
func (d *pdfDocument) unlock() bool {
	l, ok := d.lock()
	if !ok {
		return true
	}
	key, opens := l.opensEmpty()
	d.key = pdfKey{key, methodRC4, methodRC4}
	if l.revision > 3 {
		d.key = pdfKey{key, d.method(l, "StmF"), d.method(l, "StrF")}
	}
	return opens
}

// lock reads how a PDF is encrypted; not ok when it is not, or not with a password.
func (d *pdfDocument) lock() (l pdfLock, ok bool) {
	words := d.follow(d.encrypt)
	if nameOf(value(words, "Filter")) != "Standard" {
		return l, false
	}
	l = pdfLock{
		words:    words,
		revision: number(value(words, "R")),
		owner:    pdfString(value(words, "O")),
		user:     pdfString(value(words, "U")),
		userKey:  pdfString(value(words, "UE")),
		id:       pdfString(bytes.TrimLeft(d.follow(value(d.trailer, "ID")), "["+pdfBlanks)),
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
	return l, true
}

// pdfLock is what the Encrypt dictionary of a PDF says (ISO 32000-1, 7.6.3).
type pdfLock struct {
	words                    []byte
	revision                 int
	owner, user, userKey, id []byte
	permissions              uint32
	length                   int
	metadata                 bool
}

// opensEmpty tries the empty password, as every reader does first; key is what
// it leads to. Unknown revisions are left to the readers: they have no key.
func (l pdfLock) opensEmpty() (key []byte, opens bool) {
	switch {
	case l.revision >= 2 && l.revision <= 4 && len(l.owner) >= 32 && len(l.user) >= 32:
		return l.opensOld()
	case l.revision == 5 && len(l.user) >= 48:
		sum, forKey := sha256.Sum256(l.user[32:40]), sha256.Sum256(l.user[40:48])
		return unwrap(forKey[:], l.userKey), bytes.Equal(sum[:], l.user[:32])
	case l.revision == 6 && len(l.user) >= 48:
		return unwrap(hash2B(l.user[40:48]), l.userKey), bytes.Equal(hash2B(l.user[32:40]), l.user[:32])
	}
	return nil, true
}

// opensOld is algorithms 2, 4 and 5 of the standard.
func (l pdfLock) opensOld() (key []byte, opens bool) {
	seed := append([]byte(pdfPadding), l.owner[:32]...)
	seed = binary.LittleEndian.AppendUint32(seed, l.permissions)
	seed = append(seed, l.id...)
	if l.revision >= 4 && !l.metadata {
		seed = append(seed, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(seed)
	key = bytes.Clone(sum[:l.length])
	if l.revision == 2 {
		return key, bytes.Equal(rc4With(key, []byte(pdfPadding), 0), l.user[:32])
	}
	for range 50 {
		sum = md5.Sum(key)
		key = bytes.Clone(sum[:l.length])
	}
	check := md5.Sum(append([]byte(pdfPadding), l.id...))
	want := check[:]
	for i := range 20 {
		want = rc4With(key, want, byte(i))
	}
	return key, bytes.Equal(want, l.user[:16])
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
